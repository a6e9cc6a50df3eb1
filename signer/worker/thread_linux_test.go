package worker

import "syscall"

func threadID() int { return syscall.Gettid() }
