#!/bin/sh
# comment.sh NUMBER FILE: makes FILE the pull request's comment. There is one for each first line of such a file, which
# is a hidden marker that names the stack; only a comment that a workflow wrote is edited.
set -eu
number=$1
file=$2
comments="repos/$GITHUB_REPOSITORY/issues/$number/comments"
MARKER=$(head -n 1 "$file")
export MARKER

case $MARKER in
'<!-- planet preview of stack '*) ;;
*)
  echo "comment.sh: $file does not begin with the marker of planet preview --markdown" >&2
  exit 2
  ;;
esac

# Whole first lines are compared: the marker of stack "prod" must not find the comment of stack "prod-2".
mine=$(gh api --paginate "$comments" \
  --jq '.[] | select(.user.type == "Bot" and (.body | split("\n")[0] | rtrimstr("\r")) == env.MARKER) | .id')
id=$(printf '%s\n' "$mine" | head -n 1)

# -F body=@file reads the text from the file: it is never part of a command line.
if [ -n "$id" ]; then
  gh api --silent -X PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" -F "body=@$file"
else
  gh api --silent -X POST "$comments" -F "body=@$file"
fi
