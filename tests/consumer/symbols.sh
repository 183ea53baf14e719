#!/usr/bin/env bash
# What the compiled library may hold: bash tests/consumer/symbols.sh STATIC_LIBRARY [SHARED_LIBRARY]
#
# No writable memory of its own but constants that are made when they are first asked for, no output,
# and in a shared library no names but its own.
set -euo pipefail
static=$1 shared=${2:-}

# Writable memory, by section; what the linker makes read-only after relocation is constant. Each
# name below is a `static const` inside a function: the compiler guards its first use.
writable=$(nm -f sysv -C --defined-only "$static" 2>/dev/null | awk -F'|' '
    { gsub(/ /, "", $7) }
    $7 ~ /^\.(bss|data|tbss|tdata)/ && $7 !~ /rel\.ro/ { sub(/ +$/, "", $1); print $1 }' |
    grep -v '^guard variable for ' | sort -u)
allowed='
safetyrisk::PackRegistry::builtin\(\)::registry   # the packs that ship with the library
safetyrisk::scoring::Method::all\(\)::methods     # the methods compiled from them
safetyrisk::active_isa\(\)::chosen                # what the processor can do
safetyrisk::scoring::loops::active_kernels\(\)::chosen
safetyrisk::scoring::MajorHazardStandard::find\(.*\)::all            # the standards of the packs
safetyrisk::core_detail::.*::column_names       # columns by the pack of headers
safetyrisk::plan::label_at_start\(.*\)::index        # labels by their first character
safetyrisk::scoring::(Classification::all\(\)::list|ClassificationMap::find\(.*\)::all)  # classifications of the packs
safetyrisk::scoring::.*(read_unit\(.*\)::units|judge\(.*\) const::none)  # words, and a text of no length
safetyrisk::scoring::earlier_results\(.*\)::headers  # names of columns
safetyrisk::duty::.*::calendar                    # working days of the pack that ships
safetyrisk::duty::.*::(actions|columns|nothing)   # names of actions; columns by the pack of headers; a graph of nothing to read packs against
safetyrisk::hazard::States::usual\(\)::states      # the closing loop of the pack that ships
safetyrisk::graph::.*::(kinds|usual|usual_pack|usual_kinds|names|set|items|nothing)  # kinds and sectors of the packs that ship
safetyrisk::.*::(lowest|highest)                  # first and last day of the calendar
DW\.ref\..*                                     # how exceptions find their types, relocated once
std::__ioinit                                     # of the standard library
boost::(none|detail::make_color_map_from_arg_pack|integral_constant<bool, false>::operator mpl_::bool_<false> const&\(\) const::pdata)  # empty tags
'
pattern=$(sed -e 's/ *#.*//' -e '/^$/d' <<<"$allowed" | paste -sd '|')
if extra=$(grep -vE "^($pattern)$" <<<"$writable"); then
    printf 'writable memory that is not listed in %s:\n%s\n' "$0" "$extra"
    exit 1
fi

# Streams and functions that write to them or end the process.
if output=$(nm -C -u "$static" 2>/dev/null | awk '{ $1 = ""; print }' | sort -u | grep -E \
    '^ (std::(cout|cerr|clog|wcout|wcerr)|stdout|stderr|v?f?printf|__v?f?printf_chk|f?puts|putchar|fwrite|perror|syslog|exit|_exit|quick_exit|setlocale)$'); then
    printf 'the library writes or exits:\n%s\n' "$output"
    exit 1
fi

if [ -n "$shared" ]; then
    if foreign=$(nm -D -C --defined-only "$shared" | cut -d' ' -f3- | grep -vE \
        '^((typeinfo|typeinfo name|vtable|guard variable) for )?safetyrisk::'); then
        printf 'the shared library shows names that are not its own:\n%s\n' "$foreign" | head -n 20
        exit 1
    fi
fi
echo "$(wc -l <<<"$writable") constants made at first use, no other writable memory, no output"
