package pin

import (
	"os"
	"path/filepath"
)

// capsLock tells whether Caps Lock is on, by the lights of the keyboards.
var capsLock = func() (on, known bool) {
	lights, err := filepath.Glob("/sys/class/leds/*::capslock/brightness")
	if err != nil {
		return false, false
	}
	for _, path := range lights {
		b, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		known = true
		on = on || len(b) > 0 && b[0] != '0'
	}
	return on, known
}
