"""A fork of V2bX that is broken: beside its users' traffic it reports what nobody should. None of that may harm what is right."""

from agents.agent import plus
from agents.rule import FIRST_USER, MOST_BYTES
from agents.v2bx import V2bX

UNKNOWN_USER = 2_000_000_000


class Odd(V2bX):
    # Rows as they are written; %s is a user.
    ROWS = [
        '"x":[1,2]', '"%s":[-5,10]', '"%s":[1.5,2]', '"%s":["7",3]', '"%s":[1]', '"%s":null', '"%s":[1,2,3]', '"99999999999":[1,2]',
        '"0%s":[1,2]', '"%s":[9223372036854775808,1]', '"%s":{"u":1,"d":2}', '"%s":[true,false]', '"%s":[[],[]]', '"":[1,2]',
    ]

    def move_traffic(self):
        super().move_traffic()
        # Traffic like any other, but not to be billed: of nobody, more than a line carries, a placeholder's, none at all.
        for user, moved in ((UNKNOWN_USER, (3, 4)), (self.user(), (MOST_BYTES + 1, 1)), (1, (5, 6)), (UNKNOWN_USER + 1, (0, 0))):
            if self.random.random() < 0.3:
                self.truth.add(user, *moved)
                self.counters[user] = plus(self.counters.get(user, (0, 0)), moved)

    def user(self):
        return self.random.choice(sorted(self.users))

    def report(self, counters):
        rows = [super(Odd, self).report(counters).decode()[1:-1]]
        rows += [row.replace("%s", str(self.user())) for row in self.random.sample(self.ROWS, self.random.randint(0, 4))]
        moving = sorted(user for user, moved in counters.items() if user >= FIRST_USER and any(moved))
        if moving and self.random.random() < 0.3:
            rows.append(f'"{self.random.choice(moving)}":[7,8]')
        return f"{{{','.join(rows)}}}".encode()
