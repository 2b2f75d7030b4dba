package main

import (
	"context"
	"net"
	"strconv"
	"syscall"
	"time"
)

// A socket belongs to the namespace in which it was made, so the thread is there for just as long as that takes.

func listen(in, network, address string) (net.Listener, error) {
	leave, err := enter(in)
	if err != nil {
		return nil, err
	}
	defer leave()
	return net.Listen(network, address)
}

func listenPacket(in, network, address string) (net.PacketConn, error) {
	leave, err := enter(in)
	if err != nil {
		return nil, err
	}
	defer leave()
	return net.ListenPacket(network, address)
}

func dial(in, network, address string, timeout time.Duration) (net.Conn, error) {
	leave, err := enter(in)
	if err != nil {
		return nil, err
	}
	defer leave()
	dialer := net.Dialer{Timeout: timeout, KeepAlive: -1, Control: func(string, string, syscall.RawConn) error {
		leave()
		return nil
	}}
	return dialer.DialContext(context.Background(), network, address)
}

func joined(address string, port int) string {
	return net.JoinHostPort(address, strconv.Itoa(port))
}
