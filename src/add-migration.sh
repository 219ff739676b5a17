#!/usr/bin/env bash
# Adds a migration for every database, because a change of the model needs one on each: src/add-migration.sh NAME
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet tool restore > /dev/null
for provider in Sqlite SqlServer PostgreSql; do
  dotnet ef migrations add "${1:?usage: src/add-migration.sh NAME}" \
    --project "src/ServiceEval.$provider" --startup-project "src/ServiceEval.$provider"
done
