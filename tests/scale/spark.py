"""Verifies many tokens with Apache Spark: each partition is a pipe through `fob verify --lines`, which answers line by line.

`spark.py TOKENS ROWS` reads a file with one token a line, repeats it to ROWS rows, verifies them on a local cluster, joins the
verdicts back to their rows, counts them by reason, and compares the sums with one process. FOB names the program, and
FOB_SECRET holds the secret.
"""

import os
import subprocess
import sys
import time
from collections import Counter

from pyspark import SparkConf, SparkContext

tokens, rows = sys.argv[1], int(sys.argv[2])
fob, workers = os.environ["FOB"], int(os.environ.get("WORKERS", "2"))
# The status is the verdict over all lines of a partition: 2 and 5 and above are errors, and fail the task.
command = f"""sh -c '"{fob}" verify --lines - --threads 1; case $? in 0|1|3|4) ;; *) exit 2 ;; esac'"""

conf = (
    SparkConf().setMaster(f"local-cluster[{workers},1,1024]").setAppName("fob")
    .set("spark.driver.host", "127.0.0.1").set("spark.driver.bindAddress", "127.0.0.1").set("spark.ui.enabled", "false")
)
with SparkContext(conf=conf) as spark:
    spark.setLogLevel("ERROR")
    lines = spark.textFile(tokens, workers).cache()
    copies = rows // lines.count()
    table = spark.parallelize(range(copies), max(workers, copies // 4)).cartesian(lines).map(lambda pair: pair[1]) if copies > 1 else lines
    start = time.monotonic()
    # One line out for each line in, in order: row N of the pipe is the verdict on row N of the table.
    verdicts = table.pipe(command, env={"FOB_SECRET": os.environ["FOB_SECRET"]}, checkCode=True)
    joined = table.zip(verdicts)
    by_reason = joined.map(lambda row: (row[1], 1)).reduceByKey(lambda a, b: a + b).collectAsMap()
    seconds = time.monotonic() - start
    sample = joined.take(2)

single = time.monotonic()
done = subprocess.run([fob, "verify", "--lines", tokens, "--threads", "1"], capture_output=True, text=True)
single = time.monotonic() - single
alone = Counter(done.stdout.splitlines())
total = sum(alone.values())
expected = {verdict: number * (rows // total) for verdict, number in alone.items()}
assert by_reason == expected, f"Spark counts {by_reason}, one process {expected}"
for token, verdict in sample:
    print(f"{token[:24]}…\t{verdict}")
for verdict, number in sorted(by_reason.items()):
    print(f"{number:>12,}  {verdict}")
speed, own = sum(by_reason.values()) / seconds / workers, total / single
print(f"{sum(by_reason.values()):,} rows in {seconds:.1f} s on {workers} workers")
print(f"a core under Spark reaches {speed / own:.2f} of the speed of one process on this machine")
