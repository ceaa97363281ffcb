"""Tests with a row of a table each, so that every row is a check with a name and a result of its own."""

import unittest


def rows(*table):
    """A row is a tuple: a name, then arguments. Of a row that is no tuple, the text is the name."""

    def mark(function):
        function.rows = [row if isinstance(row, tuple) else (row, row) for row in table]
        return function

    return mark


def check(function, arguments):
    return lambda self: function(self, *arguments)


class Checks(unittest.TestCase):
    def __init_subclass__(cls, **more):
        super().__init_subclass__(**more)
        for method_name, function in list(vars(cls).items()):
            for name, *arguments in getattr(function, "rows", ()):
                full = f"test_{method_name}[{name}]"
                assert not hasattr(cls, full), f"two rows are named {full}"
                setattr(cls, full, check(function, arguments))

    def assert_refused(self, answer, code, *words):
        """A failed call; its message has these words."""
        self.assertEqual((answer.result.result_code, answer.result.result_status.value), (code, "F"))
        for word in words:
            self.assertIn(word, answer.result.result_message)
        self.assertLessEqual(len(answer.result.result_message), 256)
