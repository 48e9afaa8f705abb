"""The laws, as a stranger would check them: written from what is promised, not from the code that keeps it.

`commits` holds after every commit what that commit could break, from running sums; `at_rest` reads
everything again once the faults have stopped, with the product's own audit beside it.
"""
