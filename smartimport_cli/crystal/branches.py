"""One merchant in several towns: 'Rewe Koeln' and 'Rewe Hamburg' are Rewe.

No list of towns could be whole. The rows themselves tell: a word that stands last behind the names of many
merchants, of which some are also seen with another such word or with none, is no part of a name.
"""

from collections import defaultdict
from collections.abc import Iterable

_MERCHANTS = 4  # that a word must stand behind before it can be a town
_ELSEWHERE = 2  # of these, how many must be there without it


def houses(merchants: Iterable[str]) -> dict[str, str]:
    """For each of `merchants` that has branches, its name without the town; the same for any order."""
    names = set(merchants)
    split = {name: name.rpartition(" ")[::2] for name in names if " " in name}
    behind: dict[str, set[str]] = defaultdict(set)  # word -> names before it
    for head, last in split.values():
        if last.isalpha() and len(last) > 2:
            behind[last.casefold()].add(head.casefold())
    often = {word for word, heads in behind.items() if len(heads) >= _MERCHANTS}
    endings: dict[str, set[str]] = defaultdict(set)  # name -> towns it is seen in
    for word in often:
        for head in behind[word]:
            endings[head].add(word)
    for name in names:
        if name.casefold() in endings:
            endings[name.casefold()].add("")
    towns = {word for word in often if sum(len(endings[head]) > 1 for head in behind[word]) >= _ELSEWHERE}
    return {
        name: head
        for name, (head, last) in split.items()
        if last.casefold() in towns and len(endings[head.casefold()] & (towns | {""})) > 1
    }
