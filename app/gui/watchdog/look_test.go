package watchdog

import "testing"

// Stacks as the runtime prints them, in short.
func TestJudge(t *testing.T) {
	const loop = "fyne.io/fyne/v2/internal/driver/glfw.(*gLDriver).runGL(0xc0)\n\tloop.go:154\nantin/app/gui.Main(0x0)\n\tgui.go:117\nmain.main()\n"
	for _, c := range []struct {
		name, stack string
		want        seen
	}{
		{
			"our work", "goroutine 1 [runnable, locked to thread]:\nfyne.io/fyne/v2/widget.(*Label).SetText(0xc0, {0x1, 0x2})\n\tlabel.go:1\nantin/app/gui/issue.(*table).fill(0xc0, 0x3)\n\ttable.go:9\n" +
				"fyne.io/fyne/v2/widget.(*List).Refresh(0xc0)\n\tlist.go:1\nantin/app/gui/issue.(*table).refresh(...)\n\ttable.go:1\n" + loop,
			seen{function: "widget.(*Label).SetText < gui/issue.(*table).fill < gui/issue.(*table).refresh"},
		},
		{"painting", "goroutine 1 [syscall, locked to thread]:\nruntime.cgocall(0x1)\n\tcgo.go:1\nfyne.io/fyne/v2/internal/painter/gl.(*glCore).DrawArrays(0x1)\n\tgl.go:1\n" + loop, seen{painting: true}},
		{"a raster of ours", "goroutine 1 [running]:\nantin/app/gui/reader.(*tile).draw(0x1)\n\tx.go:1\nfyne.io/fyne/v2/internal/painter/gl.(*painter).newGlRasterTexture(0x1)\n\tgl.go:1\n" + loop, seen{function: "gui/reader.(*tile).draw"}},
		{"the display server", "goroutine 1 [syscall]:\nruntime.cgocall(0x1)\n\tcgo.go:1\ngithub.com/go-gl/glfw/v3.3/glfw.PollEvents()\n\tg.go:1\nfyne.io/fyne/v2/internal/driver/glfw.(*gLDriver).pollEvents(0x1)\n\tl.go:1\n" + loop, seen{painting: true}},
		{
			"a key", "goroutine 1 [running]:\nfyne.io/fyne/v2/widget.(*Entry).TypedRune(0x1)\n\te.go:1\ngithub.com/go-gl/glfw/v3.3/glfw.goCharCB(0x1)\n\tg.go:1\ngithub.com/go-gl/glfw/v3.3/glfw.PollEvents()\n\tg.go:1\n" + loop,
			seen{function: "widget.(*Entry).TypedRune"},
		},
		{"layout", "goroutine 1 [running]:\nfyne.io/fyne/v2/internal/painter.measureText(0x1)\n\tf.go:1\nfyne.io/fyne/v2/internal/driver/common.(*Canvas).EnsureMinSize(0x1)\n\tc.go:1\n" + loop, seen{function: "internal/painter.measureText"}},
		{"a lock", "goroutine 1 [sync.Mutex.Lock]:\nsync.(*Mutex).Lock(0x1)\n\tm.go:1\nantin/app/gui.(*tokens).State(0x1)\n\tt.go:1\n" + loop, seen{blocked: true, function: "gui.(*tokens).State"}},
		{"nothing to do", "goroutine 1 [select, locked to thread]:\nruntime.gopark(0x1)\n\tr.go:1\n" + loop, seen{idle: true, blocked: true}},
		{"not found", "", seen{blocked: true}},
	} {
		if got := judge(c.stack); got != c.want {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}
