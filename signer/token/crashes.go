package token

import "sync"

// maxCrashes is the number of crashes after which a module is not loaded again.
const maxCrashes = 3

// Crashes counts how often each module crashed while the program runs. Share one
// among all drivers of a run, see [CountCrashes]: a module that crashed three
// times is refused with [ErrModuleDisabled] from then on, so that a broken
// driver costs three attempts and not one at every look at the tokens. The zero
// value is ready.
type Crashes struct {
	mu    sync.Mutex
	count map[string]int
}

// Of is the number of crashes of the module with this path.
func (c *Crashes) Of(module string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.count[module]
}

// Forgive forgets the crashes of a module: the user wants to try it once more.
func (c *Crashes) Forgive(module string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.count, module)
}

func (c *Crashes) add(module string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.count == nil {
		c.count = map[string]int{}
	}
	c.count[module]++
}

// check refuses a module that is disabled.
func (c *Crashes) check(module string) error {
	if n := c.Of(module); n >= maxCrashes {
		return refuse(ErrModuleDisabled, "%q crashed %d times", module, n)
	}
	return nil
}
