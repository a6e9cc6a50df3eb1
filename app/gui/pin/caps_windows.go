package pin

import "golang.org/x/sys/windows"

var getKeyState = windows.NewLazySystemDLL("user32.dll").NewProc("GetKeyState")

// capsLock tells whether Caps Lock is on.
var capsLock = func() (on, known bool) {
	const capital = 0x14 // VK_CAPITAL
	if getKeyState.Find() != nil {
		return false, false
	}
	state, _, _ := getKeyState.Call(capital) // cannot fail
	return state&1 != 0, true
}
