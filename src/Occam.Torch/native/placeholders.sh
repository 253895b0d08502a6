#!/bin/sh
# Makes empty libraries in place of those that libtorch asks for without using: build.sh runs it, with the native library and a folder.
#
# A distribution's libtorch may be linked with libraries of which it uses no symbol: Debian's names OpenCV and ffmpeg, which bring two
# hundred others along (toolkits of windows, decoders of video). Loading them takes more time than loading libtorch itself. An empty
# library of the same name, loaded first, serves as well: the loader takes what is there already.
#
# Only libraries of these names, which register nothing with libtorch while they load, are ever left out, and of them those that no
# library which is kept asks for a symbol.
set -eu

library=$1
folder=$2
spare='^lib(opencv_[a-z0-9_]*|avcodec|avformat|avutil|swscale|swresample|lmdb|leveldb|snappy|zmq|OpenCL)[.]so'
compiler=${CXX:-c++}
work=$folder.unfinished
rm -rf "$work"
mkdir -p "$work"
trap 'rm -rf "$work"' EXIT

ldd "$library" | awk '$2 == "=>" && $3 ~ /^\// { print $3 }' >"$work/loaded"
echo "$library" >>"$work/loaded"
{
    xargs readelf -dW <"$work/loaded" | awk '/^File: / { print "file", $2 } /[(]NEEDED[)]/ { gsub(/[][]/, "", $NF); print "needs", $NF }'
    xargs nm -AD <"$work/loaded" 2>/dev/null | awk '{ file = $1; sub(/:[^:]*$/, "", file); if (file != last) { print "file", last = file }
                                                      print ($0 ~ /: +[Uvw] / ? "asks" : "has"), $NF }'
} >"$work/symbols"

# Versions of symbols are left out: a symbol of the same name counts as the one that is asked for.
awk -v spare="$spare" -v root="${library##*/}" '
    function symbol(name) { sub(/@.*/, "", name); return name }
    $1 == "file" { at = $2; sub(/.*[/]/, "", at); path[at] = $2 }
    $1 == "needs" { needs[at, ++needed[at]] = $2 }
    $1 == "asks" { asks[at, ++asked[at]] = symbol($2) }
    $1 == "has" { has[symbol($2), at] = 1; made[symbol($2)] = made[symbol($2)] " " at }
    function keep(name) { if (!(name in kept)) { kept[name] = 1; queue[++last] = name } }
    END {
        keep(root)
        for (first = 1; first <= last; ++first) {
            from = queue[first]
            for (i = 1; i <= needed[from]; ++i) {
                to = needs[from, i]
                if ((to in path) && to !~ spare) { keep(to) }
                for (j = 1; j <= asked[from] && (to in path) && !(to in kept); ++j) {
                    if ((asks[from, j], to) in has) { keep(to) }
                }
            }
            # What is asked for and found in none of those kept comes from one that others brought along.
            if (first == last) {
                for (k = 1; k <= last; ++k) {
                    for (j = 1; j <= asked[queue[k]]; ++j) {
                        count = split(made[asks[queue[k], j]], makers, " ")
                        found = count == 0
                        for (i = 1; i <= count; ++i) { if (makers[i] in kept) { found = 1 } }
                        if (!found) { keep(makers[1]) }
                    }
                }
            }
        }
        for (k = 1; k <= last; ++k) {
            for (i = 1; i <= needed[queue[k]]; ++i) {
                name = needs[queue[k], i]
                if ((name in path) && !(name in kept) && !(name in told)) { told[name] = 1; print name }
            }
        }
    }' "$work/symbols" >"$work/unused"

mkdir "$work/made"
: >"$work/empty.c"
while read -r name; do
    "$compiler" -x c -shared -nostdlib -Wl,-soname,"$name" -o "$work/made/$name" "$work/empty.c"
done <"$work/unused"
rm -rf "$folder"
mv "$work/made" "$folder"
