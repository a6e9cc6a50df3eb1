package verify

import (
	"context"
	"fmt"

	"antin/signer/pdffile"
)

// edges are the references out of one object, sorted by what their key says of
// the thing named. In an array that is an object of its own they count as plain;
// the comparison knows better.
type edges struct {
	plain  []int
	fields []int // under a key that names a field or widget as such
	root   []int // under a key that names the catalog as such
}

// graph knows which objects refer to which.
type graph struct {
	from map[int]edges // references out of an object, as last seen
}

// Keys under which a reference means "this field" or "this catalog" and not its
// content. Under any other key, for example as a dictionary of resources, the
// content counts: a text field may be filled, and what is drawn through a name
// in it must not change with that.
func namesField(k pdffile.Name) bool {
	switch k {
	case "Annots", "Fields", "Kids", "Parent", "CO", "Obj", "T": // ISO 32000-1, tables 30, 218, 220, 325, 210
		return true
	}
	return false
}

func namesCatalog(k pdffile.Name) bool { return k == "Root" || k == "Data" } // tables 15, 253

// maxObjects bounds the documents that are compared, in objects.
const maxObjects = 1 << 21

// newGraph reads every object of a state of the document. What cannot be read
// refers to nothing.
func newGraph(ctx context.Context, f *pdffile.File) (*graph, error) {
	numbers := f.Numbers()
	if len(numbers) > maxObjects {
		return nil, fmt.Errorf("%w: %d objects to compare", pdffile.ErrLimit, len(numbers))
	}
	g := &graph{from: make(map[int]edges, len(numbers))}
	for i, n := range numbers {
		if i%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		_ = g.update(f, n) // whoever depends on it fails when it is compared
	}
	return g, nil
}

func (g *graph) update(f *pdffile.File, num int) error {
	delete(g.from, num)
	ref, ok := f.RefOf(num)
	if !ok {
		return nil
	}
	o, err := f.Load(ref)
	if err != nil {
		return err
	}
	var e edges
	e.collect("", o)
	g.from[num] = e
	return nil
}

func (e *edges) collect(key pdffile.Name, o pdffile.Object) {
	switch v := o.(type) {
	case pdffile.Ref:
		switch {
		case namesField(key):
			e.fields = append(e.fields, v.Num)
		case namesCatalog(key):
			e.root = append(e.root, v.Num)
		default:
			e.plain = append(e.plain, v.Num)
		}
	case pdffile.Array:
		for _, x := range v {
			e.collect(key, x)
		}
	case pdffile.Dict:
		for k, x := range v {
			e.collect(k, x)
		}
	case *pdffile.Stream:
		e.collect(key, v.Dict)
	}
}

// touched is the changed objects and all whose content depends on them. Objects
// with a role are compared for themselves, so who merely names them is not
// touched.
func (g *graph) touched(changed map[int]bool, roles map[int]role) map[int]bool {
	plain, fields, root := map[int][]int{}, map[int][]int{}, map[int][]int{}
	turn := func(to map[int][]int, from int, list []int) {
		for _, n := range list {
			to[n] = append(to[n], from)
		}
	}
	for n, e := range g.from {
		turn(plain, n, e.plain)
		turn(fields, n, e.fields)
		turn(root, n, e.root)
	}
	touched := make(map[int]bool, len(changed))
	queue := make([]int, 0, len(changed))
	reach := func(list []int) {
		for _, n := range list {
			if !touched[n] {
				touched[n] = true
				queue = append(queue, n)
			}
		}
	}
	reach(keys(changed))
	for len(queue) > 0 {
		n := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		r := roles[n]
		if r == 0 || r&(isField|isCatalog) != 0 {
			reach(plain[n])
		}
		if r == 0 || r&isCatalog != 0 {
			reach(fields[n])
		}
		if r == 0 || r&isField != 0 {
			reach(root[n])
		}
	}
	return touched
}

// named tells whether a reference to object num under this key is compared as a
// name: the object has a role and is compared there.
func named(r role, key pdffile.Name) bool {
	switch {
	case r == 0:
		return false
	case r&isCatalog != 0:
		return namesCatalog(key)
	case r&isField != 0:
		return namesField(key)
	}
	// Of a page nothing but a list of widgets may grow, of the page tree
	// nothing at all: no other meaning can hide there.
	return true
}
