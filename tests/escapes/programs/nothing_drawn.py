# expect: tool
# Nothing drawn.
x = 1