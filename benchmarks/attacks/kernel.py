"""Submissions to a lesson that needs a kernel: its messages, sockets and driver are theirs to attack."""

from benchmarks.attacks.attack import NOTHING, Attack

OWN = """
import gc, json, os, signal, time
kernel = get_ipython().kernel
worker, = [one for one in gc.get_objects() if type(one).__name__ == "KernelWorker"]
driver, = [int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) not in (1, os.getpid())]
"""
FORGED_REPLY = """
import gc
def relu_forward(x):
    worker, = [one for one in gc.get_objects() if type(one).__name__ == "KernelWorker"]
    worker._send({"replies": [{"value": (x * 0, x), "points": 2, "status": "right"}]})
    return x, x
"""
FORGED_OUTPUTS = """
def send(kind, content):
    kernel.session.send(kernel.iopub_socket, kind, content, parent=kernel.get_parent())
data = {"text/plain": "2.0", "text/html": "<script>attackScript()</script>"}
send("execute_result", {"data": data, "metadata": {"points": 2}, "execution_count": 1})
send("status", {"execution_state": "idle"})
"""
AHEAD = """
from sandbox import wire
worker._send({"outputs": [{"output_type": "stream", "name": "stdout", "text": "points: 2"}]})
worker._driver.sendall(wire.encode("check = 1"))
"""
RUN_CELL = """
kept = type(kernel).do_execute
async def do_execute(self, code, *a, **k):
    if "check." in code:
        code = code.rpartition("points=")[2].rstrip(") \\n")
    return await kept(self, code, *a, **k)
type(kernel).do_execute = do_execute
"""
COMMS = """
import comm
while True:
    one = comm.create_comm(target_name="jupyter.widget", data={"state": {"x": "x" * 10_000}})
    one.send({"x": "x" * 10_000})
"""
ANOTHER_CLIENT = """
import glob
from jupyter_client import BlockingKernelClient
found = [name for name in glob.glob("/tmp/*/connection.json")]
if len(found) != 1:
    reached("%d connection files" % len(found))
client = BlockingKernelClient(connection_file=found[0])
client.load_connection_file()
client.start_channels()
for _ in range(200):
    client.execute("relu_forward = lambda x: (x, x)")
"""
LOOK_FOR_OTHERS = """
import socket
until = time.monotonic() + 1.2
own = set(os.listdir("/tmp"))
while time.monotonic() < until:
    for line in open("/proc/net/unix"):
        if "/kernel-" in line and line.split()[-1].split("/")[2] not in own:
            reached("a socket of the other one's kernel")
    if set(os.listdir("/tmp")) - own:
        reached("a folder of the other one's kernel")
    time.sleep(0.05)
"""
FIRST = {
    "outputs forged on its channel": FORGED_OUTPUTS,
    "run_cell gives points": RUN_CELL,
    "os._exit": "os._exit(3)",
    "its loop stopped": "kernel.io_loop.stop()",
    "its driver killed": "os.kill(driver, signal.SIGKILL)",
    "its driver stopped": "os.kill(driver, signal.SIGSTOP)",
    "all interrupts ignored": "signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
    "a task that never lets go": (
        "import asyncio\nasync def spin():\n    while True: pass\nheld = asyncio.create_task(spin())"
    ),
    "comms without end": COMMS,
    "threads without end": (
        "import threading\nwhile True: threading.Thread(target=time.sleep, args=[60]).start()"
    ),
    "another client of its sockets": ANOTHER_CLIENT,
    "its sockets closed": "for number in range(3, 256):\n    try: os.close(number)\n    except OSError: pass",
}

ATTACKS = (
    Attack("kernel: a reply before the reply", "kernel", answer=FORGED_REPLY, needs_kernel=True),
    *(
        Attack(f"kernel: {name}", "kernel", first=OWN + source, needs_kernel=True)
        for name, source in FIRST.items()
    ),
    # From then on each answer stands in another one's place: what it breaks is its own.
    Attack("kernel: answers ahead", "kernel", first=OWN + AHEAD, worth=NOTHING, needs_kernel=True),
    Attack("kernel: two of them", "kernel", first=OWN + LOOK_FOR_OTHERS, twice=True, needs_kernel=True),
)
