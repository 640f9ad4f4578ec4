#!/bin/bash
# Stands for planet.sh in the golden file.
set -Eeuo pipefail
echo "$PLANET_RELEASE"
