"""The peer of benchmarks/Tclr.Benchmarks/Models: the same encoders and training step in PyTorch.

Reads commands on the standard input, one a line, and answers each with the milliseconds it took:
  forward   clips through the encoder in evaluation mode, no gradients
  step      forward in training mode, backward of the features' sum, Adam
  memory    the process's peak memory in MiB instead
"""
import argparse
import resource
import sys
import time

import torch
from torch import nn


def r3d18():
    """TCLR's encoder: torchvision's R3D-18 with a dilated last stage."""
    from torchvision.models.video import r3d_18

    net = r3d_18(weights=None)
    net.layer4[0].conv1[0] = nn.Conv3d(256, 512, 3, stride=(1, 2, 2), padding=(2, 1, 1), dilation=(2, 1, 1), bias=False)
    net.layer4[0].downsample[0] = nn.Conv3d(256, 512, 1, stride=(1, 2, 2), bias=False)
    return nn.Sequential(net.stem, net.layer1, net.layer2, net.layer3, net.layer4)


class Block(nn.Module):
    def __init__(self, inputs, width, stride):
        super().__init__()
        self.conv1 = nn.Sequential(nn.Conv3d(inputs, width, 3, stride, 1, bias=False), nn.BatchNorm3d(width), nn.ReLU(inplace=True))
        self.conv2 = nn.Sequential(nn.Conv3d(width, width, 3, 1, 1, bias=False), nn.BatchNorm3d(width))
        self.downsample = nn.Sequential(nn.Conv3d(inputs, width, 1, stride, bias=False), nn.BatchNorm3d(width))
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x):
        out = self.conv2(self.conv1(x))
        out += self.downsample(x)
        return self.relu(out)


def small():
    """The encoder of the quickstart."""
    stem = nn.Sequential(nn.Conv3d(3, 8, 3, (1, 2, 2), 1, bias=False), nn.BatchNorm3d(8), nn.ReLU(inplace=True))
    return nn.Sequential(stem, Block(8, 16, (2, 2, 2)), Block(16, 32, (1, 2, 2)), Block(32, 64, (1, 1, 1)))


ENCODERS = {"r3d18": (r3d18, (2, 3, 16, 112, 112)), "small": (small, (160, 3, 8, 32, 32))}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("encoder", choices=ENCODERS)
    parser.add_argument("threads", type=int)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)
    make, shape = ENCODERS[arguments.encoder]
    net = make()
    clips = torch.randn(shape)
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)

    def features():
        return net(clips).mean((3, 4))

    def forward():
        net.eval()
        with torch.no_grad():
            features()

    def step():
        net.train()
        optimizer.zero_grad()
        features().sum().backward()
        optimizer.step()

    for line in sys.stdin:
        command = line.strip()
        start = time.perf_counter()
        if command == "memory":
            print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, flush=True)
            continue
        {"forward": forward, "step": step}[command]()
        print((time.perf_counter() - start) * 1000, flush=True)


main()
