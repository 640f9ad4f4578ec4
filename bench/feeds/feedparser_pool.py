"""Reads all feeds once, with as many processes as there are cores; remembers ETags. Usage: feedparser_pool.py URLS STATE"""
import json
import multiprocessing
import os
import sys

import feedparser


def read(job):
    url, etag = job
    feed = feedparser.parse(url, etag=etag)
    return url, feed.get("etag") or etag, len(feed.entries)


if __name__ == "__main__":
    urls, state = sys.argv[1:]
    known = json.load(open(state)) if os.path.exists(state) else {}
    jobs = [(url, known.get(url)) for url in open(urls).read().split()]
    with multiprocessing.Pool() as pool:
        results = pool.map(read, jobs, chunksize=4)
    json.dump({url: etag for url, etag, _ in results}, open(state, "w"))
    print(sum(entries for _, _, entries in results), "entries")
