"""Tests of rule.py: `python3 -m unittest agents.rule_tests` in Scripts/."""

import unittest

from agents.rule import Answer, billed, charge, possible_charges, read

FIRST = {1001: (100, 50)}
GROWN = {1001: (150, 50), 1002: (7, 0)}


class ChargeTests(unittest.TestCase):
    def test_a_first_report_is_charged_whole(self):
        self.assertEqual(charge(GROWN), GROWN)

    def test_a_report_with_a_lost_one_in_it_is_charged_by_the_difference(self):
        self.assertEqual(charge(GROWN, FIRST, Answer.LOST), {1001: (50, 0), 1002: (7, 0)})

    def test_after_an_answer_in_time_both_count(self):
        self.assertEqual(charge(GROWN, FIRST, Answer.HAD), GROWN)

    def test_a_report_that_lacks_something_of_the_lost_one_is_another(self):
        for report in ({1002: (900, 900)}, {1001: (99, 900)}, {1001: (900, 49)}):
            self.assertEqual(charge(report, FIRST, Answer.LOST), report)

    def test_a_lost_report_of_odd_rows_alone_is_in_nothing(self):
        self.assertEqual(charge(FIRST, {}, Answer.LOST), FIRST)

    def test_where_nobody_can_know_both_are_right(self):
        self.assertEqual(possible_charges(GROWN, FIRST, Answer.UNCERTAIN), [GROWN, {1001: (50, 0), 1002: (7, 0)}])
        self.assertEqual(possible_charges(FIRST, GROWN, Answer.UNCERTAIN), [FIRST])

    def test_half_a_byte_is_rounded_up(self):
        self.assertEqual([billed(number, 1500) for number in (0, 1, 2)], [0, 2, 3])


class ReadTests(unittest.TestCase):
    def test_rows_of_users_with_traffic_are_read(self):
        self.assertEqual(read(b'{"1001":[1,2],"1002":[0,0],"1":[5,5]}'), ({1001: (1, 2)}, []))
        self.assertEqual(read(b'{"data":[{"user_id":1001,"u":1,"d":2}]}'), ({1001: (1, 2)}, []))

    def test_nothing_is_no_report(self):
        for nothing in (b"{}", b"null", b'{"data":null}'):
            self.assertEqual(read(nothing), ({}, []))

    def test_what_is_no_user_with_two_numbers_is_odd(self):
        for row in ('"x":[1,2]', '"1001":[-1,2]', '"1001":[1.5,2]', '"1001":[1]', '"1001":null', '"1001":["1",2]', '"01001":[1,2]',
                    '"2147483648":[1,2]', '"1001":[9223372036854775808,2]', '"1001":[true,2]'):
            self.assertEqual(read(f"{{{row}}}"), ({}, [("malformed", row)]))

    def test_a_user_counts_once(self):
        self.assertEqual(read(b'{"1001":[1,2],"1001":[3,4]}'), ({1001: (1, 2)}, [("duplicate", '"1001":[3,4]')]))


if __name__ == "__main__":
    unittest.main()
