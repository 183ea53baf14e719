// The module safetyrisk._core: a table of contents, in dependency order. Classes are bound before
// the functions that use them, so that signatures show Python types.
#include "bindings.hpp"

#include <safetyrisk/version.hpp>

PYBIND11_MODULE(_core, m) {
    m.doc() = "The compiled part of safetyrisk. Use the package `safetyrisk`, not this module.";
    m.attr("__version__") = safetyrisk::version;
    bind_errors(m);
    bind_core(m);                  // columns, tables, issues, codes, packs
    bind_scoring(m);               // methods and grades; needs core
    bind_arrays(m);                // bare arrays; needs scoring
    bind_answers(m);               // answers beyond the grade; needs scoring
    bind_major_hazard(m);          // GB 18218; needs core
    bind_classification(m);        // codes of accident types; needs core
    bind_mcda(m);                  // indices of many criteria; needs core
    bind_region(m);                // divisions, boundaries, roll-up; needs core
    bind_digraph(m);               // bare graphs; needs core
    bind_graph(m);                 // responsibilities; needs core
    bind_graph_check(m);           // rules; needs graph
    bind_graph_who(m);             // answers; needs graph
    bind_graph_names(m);           // names; needs graph
    bind_graph_cover(m);           // coverage, load; needs graph
    bind_graph_explain(m);         // reasons; needs graph
    bind_graph_what_if(m);         // changes; needs coverage, load, rules
    bind_graph_accountability(m);  // accidents; needs graph
    bind_plan(m);                  // work plans; needs core
    bind_duty(m);                  // obligations and records; needs graph
    bind_hazard(m);                // the register of hazards; needs graph
    bind_render(m);                // scenes and SVG; needs region
    bind_io(m);                    // GeoJSON; needs region
}
