# expect: tool
# A deep recursion is an exception.
def f(n):
    return f(n + 1)
f(0)