"""Letters about a decision on one nomination: which kind a state asks for, what is printed, who may ask for one.

kinds.py     states → kinds, in one table; read first
facts.py     what is printed, as it stands on the day
actions.py   ask for a letter, for all letters of an iteration, once more for one that failed
printing.py  a letter's frozen facts as the HTML that is laid out

A letter is a row before it is a file: a worker makes the file (certificates/tasks.py).
"""
