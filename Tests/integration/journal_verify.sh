#!/bin/sh
# Checks a journal's chain with nothing but sha256sum:  sh journal_verify.sh journal.ndjson
export LC_ALL=C; n=1 before=$(printf '%064d' 0) nul=$(printf '\001')
hash() { printf '%s' "$1" | sha256sum | cut -c 1-64; }
wrong() { echo "line $1 is wrong"; exit 1; }
tr '\000' '\001' <"$1" | { while IFS= read -r line; do
    case $line in
        *"$nul"*) IFS= read -r next || break; wrong $n ;;
        *',"prev":"'*',"prev":"'* | *',"prev":"'*[!0-9a-f]*'"}') wrong $n ;;
        '{"seq":'$n',"time":"'*',"prev":"'$before'"}') n=$((n + 1)) before=$(hash "$line"); continue ;;
        '{"seq":'$n',"time":"'*',"prev":"'*'"}') seen='{"seq":'$((n + 1))',*"prev":"'$(hash "$line")'"}' ;;
        *) wrong $n ;;
    esac # Does the line behind hold this line's hash? Then the one before is wrong, else this one.
    IFS= read -r next && case $next in $seen) ;; *) wrong $n ;; esac
    wrong $((n > 1 ? n - 1 : 1))
done
[ -z "$line" ] || echo "line $n is torn"
echo "$((n - 1)) lines, head $before"; }
