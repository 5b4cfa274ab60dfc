#!/bin/sh
# Checks a journal's chain with nothing but sha256sum:  sh journal_verify.sh journal.ndjson
export LC_ALL=C; n=1 before=$(printf '%064d' 0) nul=$(printf '\001')
hash() { printf '%s' "$1" | sha256sum | cut -c 1-64; }
wrong() { echo "line $1 is wrong"; exit 1; }
uid() { case $1 in '' | *[!0-9]* | 0?* | ???????????*) false ;; *) [ "$1" -le 4294967295 ] ;; esac; }
[ -f "$1" ] && [ -r "$1" ] || { echo "$1: no file that can be read" >&2; exit 2; }
tr '\000' '\001' <"$1" | { while IFS= read -r line; do
    [ ${#line} -lt 65536 ] || wrong $n
    case $line in *"$nul"*) IFS= read -r next || break; wrong $n ;; esac
    who=${line#*',"who":{"uid":'}; uid "${who%%[,\}]*}" || wrong $n
    case $line in
        *',"prev":"'*',"prev":"'* | *',"prev":"'*[!0-9a-f]*'"}') wrong $n ;;
        '{"seq":'$n',"time":"'*',"prev":"'$before'"}') n=$((n + 1)) before=$(hash "$line"); continue ;;
        '{"seq":'$n',"time":"'*',"prev":"'*'"}') seen='{"seq":'$((n + 1))',*"prev":"'$(hash "$line")'"}' ;;
        *) wrong $n ;;
    esac # Does the line behind hold this line's hash? Then the one before is wrong, else this one.
    IFS= read -r next && [ ${#next} -lt 65536 ] && case $next in $seen) ;; *) wrong $n ;; esac
    wrong $((n > 1 ? n - 1 : 1))
done
[ ${#line} -lt 262144 ] || wrong $n
[ -z "$line" ] || echo "line $n is torn"
echo "$((n - 1)) lines, head $before"; }
