"""Runs programs of exported folders one after the other, without loading PyTorch anew for each.

    python3 exported.py CALLS.json

The file is a list of `{"folder": …, "program": "train.py", "arguments": […]}`. Prints a line for each: what it wrote, or the
error. Each step becomes a row of metrics.
"""

import contextlib
import importlib
import io
import json
import os
import sys
import time
import traceback

OWN = """data evaluation files ids layout model optimizers options predict processes randomness sequences train""".split()


def call(folder, program, arguments):
    for name in OWN:
        sys.modules.pop(name, None)
    sys.path.insert(0, folder)
    sys.argv = [os.path.join(folder, program), *arguments]
    written = io.StringIO()
    begin = time.monotonic()
    try:
        with contextlib.redirect_stdout(written):
            module = importlib.import_module(program[: -len(".py")])
            if hasattr(module, "ROW_INTERVAL"):
                module.ROW_INTERVAL = 0
            module.main()
        return {"written": written.getvalue(), "seconds": time.monotonic() - begin}
    except BaseException:
        return {"error": traceback.format_exc()}
    finally:
        sys.path.remove(folder)


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    with open(sys.argv[1], encoding="utf-8") as file:
        calls = json.load(file)
    for each in calls:
        print(json.dumps(call(**each)), flush=True)
