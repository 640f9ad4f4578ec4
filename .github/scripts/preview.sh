#!/bin/sh
# preview.sh FILE [option of `planet preview`]...: writes what a deploy of PLANET_STACK would do to FILE, as Markdown.
# A preview that is refused, or that failed, is written too, and this ends with its exit code.
set -eu
file=$1
shift
npx planet preview --stack "$PLANET_STACK" --markdown "$@" >"$file"
