"""
Runs a command and prints, as JSON, what it took: child.py COMMAND...

A process of its own, and a small one, because a child's highest resident memory counts from its parent's.
"""
import json
import os
import subprocess
import sys
import tempfile
import time

with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
    began = time.perf_counter()
    process = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=output, stderr=errors)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    output.seek(0)
    errors.seek(0)
    print(json.dumps({
        "exitCode": process.returncode, "seconds": seconds, "peakBytes": usage.ru_maxrss * 1024,
        "cpuSeconds": usage.ru_utime + usage.ru_stime,
        "output": output.read(), "errors": errors.read()}))
