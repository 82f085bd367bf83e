#!/usr/bin/env python3
"""Makes the .pth files of this folder with PyTorch (they were made with 1.13): python3 make.py"""
import argparse
import os
import random
import warnings
from collections import Counter, OrderedDict, defaultdict

import numpy as np
import torch

HERE = os.path.dirname(os.path.abspath(__file__))


def ramp(*shape, dtype=torch.float32, first=0):
    """first/4 - 3, (first+1)/4 - 3, ... in the order of the indices."""
    count = int(np.prod(shape)) if shape else 1
    return ((torch.arange(count, dtype=torch.float64) + first) * 0.25 - 3).to(dtype).view(shape)


def save(name, value, **options):
    torch.save(value, os.path.join(HERE, name + ".pth"), **options)


# Every type of elements, a scalar, an empty tensor; as a state_dict with PyTorch's own attributes.
types = OrderedDict()
for dtype in (torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8):
    types[str(dtype)[6:]] = ramp(2, 3, 4, dtype=dtype)
types["uint8"] = torch.arange(24, dtype=torch.uint8).view(2, 3, 4)
types["bool"] = torch.arange(24).view(2, 3, 4) % 3 == 0
types["scalar"] = torch.tensor(7)
types["empty"] = torch.zeros(0, 3)
types._metadata = OrderedDict(version=1)
save("types", types)
save("protocol4", types, pickle_protocol=4)

# One storage behind many views.
whole = ramp(4, 6)
save("views", {
    "whole": whole,
    "rows": whole[1:3],
    "columns": whole[:, 2:4],
    "transposed": whole.t(),
    "steps": whole[::2, 1::3],
    "channels_last": ramp(2, 3, 2, 4, 5).to(memory_format=torch.channels_last_3d),
    "parameter": torch.nn.Parameter(whole[0]),
    "bool_columns": (torch.arange(12).view(3, 4) % 5 == 0)[:, 1:3],
})

# A checkpoint as the script of TCLR's authors leaves it: encoder and head under 0. and 1., of several GPUs.
net = torch.nn.Sequential(torch.nn.Sequential(torch.nn.Conv3d(2, 3, 1, bias=False), torch.nn.BatchNorm3d(3)), torch.nn.Linear(3, 2))
parallel = torch.nn.Sequential(OrderedDict(module=net))
with torch.no_grad():
    for first, tensor in enumerate(net.state_dict().values()):
        tensor.copy_(ramp(*tensor.shape, dtype=tensor.dtype, first=10 * first))
optimizer = torch.optim.Adam(parallel.parameters(), lr=1e-3, weight_decay=1e-9)
for parameter in parallel.parameters():
    parameter.grad = torch.ones_like(parameter)
optimizer.step()
with torch.no_grad():
    for first, tensor in enumerate(net.state_dict().values()):
        tensor.copy_(ramp(*tensor.shape, dtype=tensor.dtype, first=10 * first))
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    scaler = torch.cuda.amp.GradScaler()
scaler.__dict__.update(_enabled=True, _init_scale=65536.0, _scale=None, _growth_factor=2.0, _backoff_factor=0.5, _growth_interval=2000,
                       _init_growth_tracker=0, _growth_tracker=None)
scaler._per_optimizer_states = defaultdict(torch.cuda.amp.grad_scaler._refresh_per_optimizer_state)
save("tclr", {
    "epoch": 12,
    "state_dict": parallel.state_dict(),
    "optimizer": optimizer.state_dict(),
    "learning_rate": 1e-3,
    "best_score": np.float64(4.25),
    "amp_scaler": scaler,
})

# What else scripts keep beside the weights.
counts = defaultdict(list)
counts["a"].append(1)
save("extras", {
    "model": {"a": ramp(2)},
    "arguments": argparse.Namespace(lr=0.1, layers=[1, 2], shape=torch.Size([2, 3])),
    "array": np.arange(3.0),
    "bytes": b"\x00\xff",
    "complex": 1j,
    "counter": Counter(a=2),
    "counts": counts,
    "device": torch.device("cpu"),
    "dtype": torch.float32,
    "frozen": frozenset([1]),
    "large": 1 << 100,
    "negative": -(1 << 40),
    "none": None,
    "random": (random.Random(1).getstate(), torch.Generator().get_state()[:4].clone()),
    "set": {1, 2},
    "truth": True,
})


class Attack:
    def __reduce__(self):
        return os.system, ("echo this must never run",)


save("attack", {"state_dict": types, "epoch": Attack()})
save("module", torch.nn.Linear(2, 2))
save("legacy", {"a": ramp(3)}, _use_new_zipfile_serialization=False)
