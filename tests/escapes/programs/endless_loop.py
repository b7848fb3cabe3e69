# expect: timeout
# The clock ends an endless loop.
while True:
    pass