package main

import (
	"context"
	"slices"
	"syscall/js"

	"paye/internal/share"
	"paye/web/page/engine"
)

// other is the program in the other worker, as the script knows it.
type other struct {
	*share.Peer
	script  js.Value // of assets/peer.js
	waiting map[int]func([]byte, bool)
	next    int
	turns   []chan struct{} // that are waited for
}

func newOther(script js.Value) *other {
	o := &other{script: script, waiting: make(map[int]func([]byte, bool))}
	o.Peer = share.NewPeer(o.send, o.listen)
	script.Set("turned", js.FuncOf(func(js.Value, []js.Value) any {
		close(o.turns[0])
		o.turns = o.turns[1:]
		return nil
	}))
	script.Set("answer", js.FuncOf(func(_ js.Value, args []js.Value) any {
		answer := o.waiting[args[0].Int()]
		delete(o.waiting, args[0].Int())
		if !args[1].Truthy() {
			answer(nil, false)
			return nil
		}
		b := make([]byte, args[1].Length())
		js.CopyBytesToGo(b, args[1])
		answer(b, true)
		return nil
	}))
	return o
}

// with gives a work the other worker, where there is one.
func (o *other) with(ctx context.Context) context.Context {
	if !o.script.Get("ready").Bool() {
		return ctx
	}
	return share.With(ctx, o.Peer)
}

func (o *other) send(parts [][]byte, answer func([]byte, bool)) {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	room := o.script.Call("room", n)
	at := 0
	for _, p := range parts {
		js.CopyBytesToJS(room.Call("subarray", at), p)
		at += len(p)
	}
	o.next++
	o.waiting[o.next] = answer
	o.script.Call("send", o.next, room)
}

// listen waits for a turn of the worker, which hears nothing while Go computes.
func (o *other) listen() {
	turn := make(chan struct{})
	o.turns = append(o.turns, turn)
	o.script.Call("turn")
	<-turn
}

// padding is room after a message, so that who wants zeros there copies nothing.
const padding = 64

// serve does what the other worker hands over, one message after the other.
func serve(script js.Value) {
	s := share.NewServer(engine.Shared)
	messages := make(chan js.Value, 1<<10)
	script.Set("serve", js.FuncOf(func(_ js.Value, args []js.Value) any {
		messages <- args[0]
		return nil
	}))
	var message, out []byte
	for data := range messages {
		n := data.Length()
		message = slices.Grow(message[:0], n+padding)[:n]
		js.CopyBytesToGo(message, data)
		var ok bool
		if out, ok = s.Answer(out[:0], message); !ok {
			script.Call("reply")
			continue
		}
		space := script.Call("space", len(out))
		js.CopyBytesToJS(space, out)
		script.Call("reply", space)
	}
}
