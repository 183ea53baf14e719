// Scenes (场景): kinds of work across sectors, such as confined spaces or hot work, that duties are
// limited to and that enterprises have.
//
// Duties name them in the attribute `scenes` of their edges, enterprises in the attribute `scenes`
// of their own; both are lists parted by ; 、 or ，. A node of kind scene gives one an id and a
// name that mean the same. A duty that names none is for every scene, an enterprise that names none
// has every one.
#pragma once

#include "store.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::graph {

class Scenes {
public:
    explicit Scenes(const Store& store);

    /// What a word means: the name of the node of kind scene whose id it is, else itself.
    std::string_view name(std::string_view word) const;
    /// Whether a list names a scene, given by its name.
    bool has(std::string_view list, std::string_view scene) const;
    /// Whether an edge of the store is for a scene: it names it, or none.
    bool covers(EdgeNo e, std::string_view scene) const;
    /// Whether an enterprise of the store has a scene: it names it, or none.
    bool of(NodeNo enterprise, std::string_view scene) const;
    /// Scenes that edges, enterprises and nodes of kind scene name, in byte order.
    std::vector<std::string> all() const;
    /// Whether a scene, given by its name, is one of them.
    bool there(std::string_view scene) const;

private:
    const Store& s_;
    Store::EdgeAttribute of_edge_;
    Store::Attribute of_node_;

    // Calls f(name) for each scene that is named, until it gives false.
    template <class F>
    void each(F&& f) const;
};

}  // namespace safetyrisk::graph
