"""What only the person who has the file can decide."""

from smartimport_cli.core.errors import FileRefused

_FLAGS = {"date-order": "--date-order", "decimal": "--decimal", "sign": "--sign"}


def ambiguous(name: str, choice: str, message: str, options: list[dict[str, str]]) -> FileRefused:
    """The refusal that asks for `choice` (date-order, decimal, sign); each option has a `value` and what it
    `reads` as. Its details hold the question."""
    flag = _FLAGS[choice]
    said = " or ".join(f"{flag} {option['value']} ({option['reads']})" for option in options)
    return FileRefused(
        "ambiguous",
        f"{name}: {message}",
        hint=f"Say which: {said}.",
        details={"question": {"choice": choice, "options": options}},
    )
