"""The peer of tclr-gpu: the same R3D-18, passes and loss in plain PyTorch on the same GPU.

Prints one line a row, and appends JSON lines to the file of --out.
"""
import argparse
import json
import statistics
import time

import torch
import torch.nn.functional as F
from torch import nn


def conv(inputs, width, stride=1, kernel=3, padding=1, dilation=1):
    return nn.Conv3d(inputs, width, kernel, stride, padding, dilation, bias=False)


class Block(nn.Module):
    def __init__(self, inputs, width, stride, first=None, shortcut=None):
        super().__init__()
        first = first or conv(inputs, width, stride)
        self.conv1 = nn.Sequential(first, nn.BatchNorm3d(width), nn.ReLU(inplace=True))
        self.conv2 = nn.Sequential(conv(width, width), nn.BatchNorm3d(width))
        change = stride != 1 or inputs != width
        self.shortcut = nn.Sequential(shortcut or conv(inputs, width, stride, 1, 0), nn.BatchNorm3d(width)) if change else nn.Identity()
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x):
        return self.relu(self.conv2(self.conv1(x)) + self.shortcut(x))


def r3d18():
    """R3D-18 with TCLR's dilated last stage: [N, 3, 16, 112, 112] to [N, 512, 4, 7, 7]."""
    stem = nn.Sequential(conv(3, 64, (1, 2, 2), (3, 7, 7), (1, 3, 3)), nn.BatchNorm3d(64), nn.ReLU(inplace=True))
    dilated = conv(256, 512, (1, 2, 2), 3, (2, 1, 1), (2, 1, 1))
    last = Block(256, 512, (1, 2, 2), dilated, conv(256, 512, (1, 2, 2), 1, 0))
    stages = [Block(64, 64, 1), Block(64, 64, 1), Block(64, 128, 2), Block(128, 128, 1), Block(128, 256, 2), Block(256, 256, 1), last, Block(512, 512, 1)]
    return nn.Sequential(stem, *stages)


class Head(nn.Module):
    """TCLR's projection head."""

    def __init__(self):
        super().__init__()
        self.first, self.norm, self.second = nn.Linear(512, 512), nn.BatchNorm1d(512), nn.Linear(512, 128)

    def forward(self, x):
        return F.normalize(self.second(F.relu(self.norm(self.first(x)))), dim=-1)


def nt_xent(z1, z2, temperature):
    n = z1.shape[0]
    rows = torch.cat([z2, z1])
    similarities = rows @ rows.t() / temperature
    similarities.fill_diagonal_(float("-inf"))
    targets = (torch.arange(2 * n, device=rows.device) + n) % (2 * n)
    return F.cross_entropy(similarities, targets)


def batched_nt_xent(z1, z2, temperature):
    b, n, _ = z1.shape
    rows = torch.cat([z2, z1], 1)
    similarities = torch.bmm(rows, rows.transpose(1, 2)) / temperature
    mask = torch.eye(2 * n, dtype=torch.bool, device=rows.device)
    similarities = similarities.masked_fill(mask, float("-inf"))
    targets = ((torch.arange(2 * n, device=rows.device) + n) % (2 * n)).repeat(b)
    return F.cross_entropy(similarities.reshape(-1, 2 * n), targets, reduction="sum") / (2 * n)


def global_local(slices, locals_, temperature):
    b, t, _ = slices.shape
    similarities = torch.bmm(slices, locals_.transpose(1, 2)) / temperature
    targets = torch.arange(t, device=slices.device).repeat(b)
    rows = F.cross_entropy(similarities.reshape(-1, t), targets, reduction="sum")
    columns = F.cross_entropy(similarities.transpose(1, 2).reshape(-1, t), targets, reduction="sum")
    return (rows + columns) / (2 * b)


def tclr(global_, slices, locals_, temperature=0.1):
    views, b, t, _ = locals_.shape
    total = nt_xent(global_[0], global_[1], temperature)
    clips = [locals_[v, :, k] for v in range(views) for k in range(t)]
    for i, first in enumerate(clips):
        for j, second in enumerate(clips):
            if i != j:
                total = total + nt_xent(first, second, temperature) / t
    total = total + batched_nt_xent(locals_[0], locals_[1], temperature)
    for v in range(views):
        for w in range(views):
            total = total + global_local(slices[v], locals_[w], temperature)
    return total


def timed(run, count):
    times = []
    for _ in range(count):
        torch.cuda.synchronize()
        start = time.perf_counter()
        run()
        torch.cuda.synchronize()
        times.append((time.perf_counter() - start) * 1e3)
    return times


def loss_rows(show):
    for b in (40, 512, 4096):
        def unit(*shape):
            return F.normalize(torch.randn(*shape, device="cuda"), dim=-1).requires_grad_()

        inputs = unit(2, b, 128), unit(2, b, 4, 128), unit(2, b, 4, 128)

        def step():
            for tensor in inputs:
                tensor.grad = None
            tclr(*inputs).backward()

        step()
        step()
        torch.cuda.reset_peak_memory_stats()
        with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CUDA]) as profile:
            step()
            torch.cuda.synchronize()
        launches = sum(event.count for event in profile.key_averages())
        times = timed(step, 20)
        show("loss", f"TCLR, B={b}, T=4, D=128", **{"median ms": statistics.median(times), "best ms": min(times), "kernels": launches, "peak GiB": torch.cuda.max_memory_allocated() / 2**30})


def training_rows(show, rows):
    for precision, videos in rows:
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = precision != "float32"
        torch.manual_seed(0)
        net, head = r3d18().cuda(), Head().cuda()
        optimizer = torch.optim.Adam([*net.parameters(), *head.parameters()], lr=1e-4)
        clips = torch.rand(10, videos, 3, 16, 112, 112).pin_memory()
        cast = torch.autocast("cuda", torch.bfloat16, enabled=precision == "bfloat16")

        def step():
            batch = clips.cuda(non_blocking=True)
            optimizer.zero_grad()
            globals_, slices, locals_ = [], [], []
            with cast:
                for view in range(10):
                    features = net(batch[view]).float().mean((3, 4))
                    pooled = head(features.mean(2))
                    if view < 2:
                        globals_.append(pooled)
                        slices.append(head(features.transpose(1, 2).reshape(-1, 512)).reshape(videos, 4, -1))
                    else:
                        locals_.append(pooled)
            locals_ = torch.stack([torch.stack(locals_[:4], 1), torch.stack(locals_[4:], 1)]).float()
            tclr(torch.stack(globals_).float(), torch.stack(slices).float(), locals_).backward()
            nn.utils.clip_grad_norm_([*net.parameters(), *head.parameters()], 1e9)
            optimizer.step()

        row = f"r3d18 {precision} B={videos}"
        try:
            torch.cuda.reset_peak_memory_stats()
            timed(step, 2)
            times = timed(step, 4 if videos > 16 else 7)
            ms = statistics.median(times)
            show("training", row, **{"clips/s": 10 * videos / ms * 1e3, "ms": ms, "peak GiB": torch.cuda.max_memory_allocated() / 2**30})
        except torch.cuda.OutOfMemoryError:
            show("training", row, error="out of memory")
        del net, head, optimizer, clips, step
        torch.cuda.empty_cache()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out")
    parser.add_argument("parts", nargs="*", default=[])
    arguments = parser.parse_args()
    parts = arguments.parts or ["loss", "training"]

    def show(part, row, **values):
        print(f"{part:<10}{row:<46}" + "  ".join(f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}" for name, value in values.items()), flush=True)
        if arguments.out:
            with open(arguments.out, "a", encoding="utf-8") as file:
                file.write(json.dumps({"part": part, "row": row, "peer": torch.__version__, **values}) + "\n")

    if "loss" in parts:
        loss_rows(show)
    if "training" in parts:
        training_rows(show, [("float32", 8), ("tf32", 8), ("bfloat16", 8), ("bfloat16", 40)])


main()
