# expect: timeout
# The clock ends a sleep.
import time
time.sleep(1000)