package reader

import (
	"container/list"
	"image"

	"antin/signer/render"
)

// key names a piece of a drawn page: the tile at this place of the grid of
// tileSize pixels over the page at this resolution.
type key struct {
	page int // from 0
	dpi  float64
	tile image.Point
}

// cache keeps drawn pieces, up to a number of bytes; what has not been asked for
// longest goes first.
type cache struct {
	most  int
	bytes int
	all   map[key]*list.Element
	order *list.List // of entry, the one asked for last in front
}

type entry struct {
	key
	*render.Picture
}

func newCache(most int) *cache {
	return &cache{most: most, all: map[key]*list.Element{}, order: list.New()}
}

func (c *cache) get(k key) *render.Picture {
	e, ok := c.all[k]
	if !ok {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(entry).Picture
}

// has tells whether k is there and leaves its age as it is.
func (c *cache) has(k key) bool { return c.all[k] != nil }

// put adds a piece and drops the oldest ones. The newest stays whatever its size.
func (c *cache) put(k key, p *render.Picture) {
	if c.has(k) {
		return
	}
	c.all[k] = c.order.PushFront(entry{k, p})
	c.bytes += len(p.Pix)
	for c.bytes > c.most && c.order.Len() > 1 {
		e := c.order.Remove(c.order.Back()).(entry)
		delete(c.all, e.key)
		c.bytes -= len(e.Pix)
	}
}

func (c *cache) clear() {
	clear(c.all)
	c.order.Init()
	c.bytes = 0
}
