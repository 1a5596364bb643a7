"""Which way the money went: by the balances, by marks, by the words of the rows."""

from dataclasses import replace

from smartimport_cli.statements.delimited import numbers, words
from smartimport_cli.statements.delimited.amounts import Money
from smartimport_cli.statements.delimited.cells import cell_at
from smartimport_cli.statements.delimited.dialect import Row
from smartimport_cli.statements.delimited.inquiry import Inquiry
from smartimport_cli.statements.delimited.table import Table
from smartimport_cli.statements.delimited.trials import Trial, sign_votes, tokens_of


class Sign:
    """Whether plus is money in, for the amounts of one file."""

    def __init__(self, inquiry: Inquiry, table: Table, data: list[Row], decimal: str) -> None:
        self.inquiry = inquiry
        self.table = table
        self.data = data
        self.decimal = decimal

    def decide(self, money: Money, tried: Trial, unsigned: bool) -> Money:
        """The reading with its sign. `unsigned`: no amount of the sample has one."""
        table, data, decimal = self.table, self.data, self.decimal
        say, doubt = self.inquiry.say, self.inquiry.doubt
        if self.inquiry.choices.sign:
            say("sign", self.inquiry.choices.sign, self.inquiry.chosen("sign"))
            return replace(money, invert=self.inquiry.choices.sign == "inverted")
        if money.kind == "pair":
            if money.assumed and not tried.proved:
                normal, inverted = sign_votes(table, data, money, decimal)
                if inverted > normal:
                    money = replace(money, debit=money.credit, credit=money.debit, assumed="its words say so")
                doubt("sign-likely", f"Nothing names the two columns of amounts: {money.assumed}.")
            say(
                "sign",
                "debit and credit columns",
                "the balances prove it" if tried.proved else "their names or order",
            )
            return money
        if money.kind == "marked":
            if unsigned:
                unmarked = "" if money.blank is None else f"; rows without one are money {'in' if money.blank else 'out'}"
                say("sign", "by the marks of direction", f"the amounts have no sign{unmarked}")
                if money.directions and any(len(kind) > 3 for kinds in money.directions for kind in kinds):
                    outs, ins = (", ".join(sorted(kinds)) for kinds in money.directions)
                    doubt("sign-likely", f"Amounts have no sign; money out is taken to be {outs}, money in {ins}.")
                return money
            agree = differ = against = 0
            for row in data:
                cell = cell_at(row.cells, money.amount)
                amount = numbers.value(cell, decimal)
                into = words.mark(cell_at(row.cells, money.mark), money.directions)
                if amount and into is not None:
                    agree += (amount > 0) == into
                    differ += (amount > 0) != into
                    token = numbers.token(cell)
                    against += (amount > 0) != into and token is not None and token.signed
            signed = replace(money, kind="signed", mark=None)
            if tried.proved and tried.money.kind == "marked" and money.invert is False and differ > agree:
                return money
            direction = money.mark is not None and table.columns[money.mark].role == "direction"
            if direction and differ and not against and agree:
                say("sign", "by the marks of direction", f"{differ} amounts have no sign beside others that have")
                doubt("marks-differ", f"{differ} rows have no sign, and are marked as money out; the mark is taken.")
                return money
            if differ > agree * 3 and differ >= 1:
                say("sign", "inverted", f"{differ} rows marked as debit or credit have the other sign")
                if len({words.mark(cell, money.directions) for cell in table.columns[money.mark or 0].cells}) < 2:
                    doubt("marks-differ", "All rows have a sign against their mark; the mark is taken.")
                return replace(signed, invert=True)
            if differ:
                doubt(
                    "marks-differ",
                    f"{differ} rows have a sign against their mark of direction; the sign is taken.",
                )
            say("sign", "as written", f"{agree} rows agree with their marks of direction")
            return signed
        if tried.proved and money.balance is not None:
            if (money.invert or money.leading) and not table.runs and not tried.unordered:
                doubt(
                    "sign-likely",
                    "The balances agree with two signs, and no dates say in which order the rows are.",
                )
            if not money.invert and self._owed(money):
                say("sign", "inverted", "the balance is what is owed: payments lower it")
                doubt(
                    "sign-likely", "Payments lower the balance, so amounts are taken as charges of a card."
                )
                return replace(money, invert=True, owed=True)
            say("sign", "inverted" if money.invert else "as written", "the balances prove it")
            return money
        if money.net:
            say("sign", "as written", "a fee is taken off amounts in")
            return money
        return self._by_words(replace(money, invert=False))

    def _owed(self, money: Money) -> bool:
        normal, inverted = sign_votes(self.table, self.data, money, self.decimal)
        return inverted >= 3 and normal == 0

    def _by_words(self, money: Money) -> Money:
        table, data, decimal = self.table, self.data, self.decimal
        say, doubt = self.inquiry.say, self.inquiry.doubt
        positive = negative = 0
        for row in data:
            amount = numbers.value(cell_at(row.cells, money.amount), decimal)
            positive += bool(amount and amount > 0)
            negative += bool(amount and amount < 0)
        normal, inverted = sign_votes(table, data, money, decimal)
        if positive <= negative:
            # A card's statement can hold more repayments and refunds than purchases; it takes several words to say so,
            # and no plus that is written.
            plus = any(t.signed and not t.negative for t in tokens_of(table, money.amount))
            least = 1 if table.of_credit_card else 3
            if inverted >= least and inverted > 3 * normal and not plus:
                say("sign", "inverted", f"{inverted} rows have another sign than their words")
                doubt("sign-likely", "Amounts are taken as charges of a card: plus is money out.")
                return replace(money, invert=True)
            say("sign", "as written", "minus is money out in most rows")
            if inverted > normal:
                doubt("sign-likely", "Some rows have another sign than their words suggest.")
            return money
        if inverted > 3 * normal:
            say(
                "sign",
                "inverted",
                f"{inverted} rows are payments or purchases by their words, with the other sign",
            )
            if inverted < 3 or (not negative and inverted * 2 < positive):
                doubt("sign-likely", "Amounts are taken as charges of a card: plus is money out.")
            return replace(money, invert=True)
        if normal > inverted:
            say("sign", "as written", f"{normal} rows are what their words say")
            if inverted:
                doubt("sign-likely", "Some rows have another sign than their words suggest.")
            elif not negative and normal * 2 < positive:
                doubt("sign-likely", "All amounts are positive, and few words say which way the money went.")
            return money
        if table.of_credit_card:
            say("sign", "inverted", "the file is that of a credit card, and most amounts are positive")
            doubt("sign-likely", "Amounts are taken as charges of a card: plus is money out.")
            return replace(money, invert=True)
        # Plus and minus side by side in an account's own column need no doubt; only pluses do.
        say("sign", "as written", "nothing says otherwise")
        if not negative or positive > 2 * negative or inverted > normal:
            doubt(
                "sign-likely", "Nearly all amounts are positive, and nothing says which way the money went."
            )
        return money
