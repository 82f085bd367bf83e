"""The peer of RetrievalBenchmarks: cosine top-k of the whole similarity matrix in PyTorch.

Reads commands on the standard input, one a line, and answers each with a number:
  search    milliseconds of unit rows, matrix product and top-k
  memory    MiB by which the process's peak memory has grown since the features were there
"""
import argparse
import resource
import sys
import time

import torch
from torch.nn.functional import normalize


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


parser = argparse.ArgumentParser()
parser.add_argument("queries", type=int)
parser.add_argument("gallery", type=int)
parser.add_argument("dimension", type=int)
parser.add_argument("k", type=int)
parser.add_argument("threads", type=int)
arguments = parser.parse_args()
torch.set_num_threads(arguments.threads)
torch.manual_seed(1)
queries = torch.randn(arguments.queries, arguments.dimension)
gallery = torch.randn(arguments.gallery, arguments.dimension)
before = peak()

for line in sys.stdin:
    if line.strip() == "memory":
        print(peak() - before, flush=True)
        continue
    start = time.perf_counter()
    with torch.no_grad():
        similarities = normalize(queries) @ normalize(gallery).t()
        similarities.topk(arguments.k, dim=1)
        del similarities
    print((time.perf_counter() - start) * 1000, flush=True)
