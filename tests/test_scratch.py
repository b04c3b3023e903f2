import os
import signal
import subprocess
import sys

from autograder.sandbox.scratch import PREFIX, Scratch

HOLD = """
import os, time
from autograder.sandbox.scratch import Scratch
kept = Scratch()
(kept.path / "deep" / "er").mkdir(parents=True)
print(kept.path.parent, flush=True)
time.sleep(60)
"""


def test_what_a_killed_process_has_left_is_removed_by_the_next_one_and_nothing_else(monkeypatch, tmp_path):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    (tmp_path / f"{PREFIX}other").mkdir()  # without a lock it is not one of these
    holders = [
        subprocess.Popen(
            [sys.executable, "-c", HOLD], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    killed, living = (os.path.basename(holder.stdout.readline().strip()) for holder in holders)
    holders[0].kill()
    holders[0].communicate()
    own = Scratch()
    assert {path.name for path in tmp_path.iterdir()} == {living, own.path.parent.name, f"{PREFIX}other"}
    own.close()
    holders[1].send_signal(signal.SIGINT)  # it ends in order
    holders[1].communicate()
    assert {path.name for path in tmp_path.iterdir()} == {f"{PREFIX}other"}
