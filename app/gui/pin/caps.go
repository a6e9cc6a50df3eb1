package pin

import (
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// caps follows the Caps Lock key. Fyne does not tell its state: the system is
// asked where it can be (see capsLock), and what is typed tells the rest, since a
// letter is a capital without Shift when Caps Lock is on.
type caps struct {
	on, shift bool
}

// ask asks the system.
func (c *caps) ask() {
	if on, known := capsLock(); known {
		c.on = on
	}
}

func (c *caps) typed(r rune) {
	if on, known := capsLock(); known {
		c.on = on
		return
	}
	if unicode.IsLetter(r) && unicode.IsUpper(r) != unicode.IsLower(r) {
		c.on = unicode.IsUpper(r) != c.shift
	}
}

func (c *caps) down(key fyne.KeyName) {
	switch key {
	case desktop.KeyShiftLeft, desktop.KeyShiftRight:
		c.shift = true
	case desktop.KeyCapsLock:
		c.on = !c.on
		return // the system may not know yet
	}
	c.ask()
}

func (c *caps) up(key fyne.KeyName) {
	switch key {
	case desktop.KeyShiftLeft, desktop.KeyShiftRight:
		c.shift = false
	}
	c.ask()
}
