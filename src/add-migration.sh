#!/usr/bin/env bash
# A model change needs a migration on every database: src/add-migration.sh NAME
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet tool restore > /dev/null
for provider in Sqlite SqlServer PostgreSql; do
  dotnet ef migrations add "${1:?usage: src/add-migration.sh NAME}" \
    --project "src/ServiceEval.Data.$provider" --startup-project "src/ServiceEval.Data.$provider"
done
