#!/bin/sh
# Ask Steward whether this may be deployed now, run the command that deploys it, report how it went.
#
#   sh steward-deploy.sh ./deploy.sh --to production
#
# The command ends with 0 when it went well, with 3 when it rolled back by itself, else it failed.
# Needs sh, git and curl.
set -eu

: "${STEWARD_URL:?where Steward is, for example https://steward.example.com}"
: "${STEWARD_TOKEN:?an API token with the scope deployments:write}"
: "${SERVICE:?short name of the service}"
: "${VERSION:?what is deployed}"
: "${RUN_KEY:?a name for this very run, new for every attempt}"
ENVIRONMENT=${ENVIRONMENT:-production}
MODEL=${MODEL:-}           # short name of an approved model of standard changes, or
CHANGE=${CHANGE:-}         # reference of a scheduled change
PLANNED_MINUTES=${PLANNED_MINUTES:-30}
RUN_URL=${RUN_URL:-}
DEPLOYED=${DEPLOYED:-}     # commit that was deployed before; without it only the newest one is told
IS_REPAIR=${IS_REPAIR:-false}  # true: made only to repair what an earlier deployment broke
INCIDENT=${INCIDENT:-}     # reference of the incident that it ends

steward() {
    curl --silent --show-error --fail-with-body --retry 5 --retry-connrefused --max-time 60 \
        --header "Authorization: Bearer $STEWARD_TOKEN" --header "Content-Type: application/json" "$@"
}

report() {
    incident=null
    [ -z "$INCIDENT" ] || incident="\"$INCIDENT\""
    steward --data "{\"result\": \"$1\", \"is_unplanned_repair\": $IS_REPAIR, \"incident\": $incident}" \
        "$STEWARD_URL/api/v1/deployments/$id/result/" >/dev/null && echo "Reported to Steward: $1."
}

commits() {
    git log --format='{"sha": "%H", "committed_at": "%cI"}' "$@" | paste -s -d, -
}

brings=
[ -z "$DEPLOYED" ] || brings=$(commits --max-count 500 "$DEPLOYED..HEAD")
[ -n "$brings" ] || brings=$(commits --max-count 1 HEAD)
answer=$(steward --header "Idempotency-Key: $RUN_KEY" --data "{
    \"service\": \"$SERVICE\", \"environment\": \"$ENVIRONMENT\", \"version\": \"$VERSION\", \"commits\": [$brings],
    \"planned_minutes\": $PLANNED_MINUTES, \"model\": \"$MODEL\", \"change\": \"$CHANGE\", \"run_url\": \"$RUN_URL\"
}" "$STEWARD_URL/api/v1/deployments/") || { echo "Steward did not answer the question: $answer" >&2; exit 1; }

case $answer in
    *'"is_allowed":true'*) ;;
    *) echo "Steward says no:" >&2
       printf '%s\n' "$answer" | sed 's/.*"reasons":\[\(.*\)\],"change":.*/\1/' >&2
       exit 1 ;;
esac
id=$(printf '%s' "$answer" | sed 's/^{"id":\([0-9]*\),.*/\1/')
echo "Steward says yes: deployment $id."

trap 'report failed; exit 130' INT TERM
ended=0
"$@" || ended=$?
trap - INT TERM
case $ended in
    0) report succeeded ;;
    3) report rolled_back ;;
    *) report failed ;;
esac
exit "$ended"
