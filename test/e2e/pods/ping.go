package main

import (
	"net"
	"sync/atomic"
	"time"
)

var pings atomic.Uint32

// ping answers `echo` where the other end does.
func ping(one probe, timeout time.Duration) (string, error) {
	connection, err := dial(one.From, "ip4:icmp", one.To, timeout)
	if err != nil {
		return outcome(err)
	}
	defer connection.Close()
	id := uint16(pings.Add(1))
	if _, err := connection.Write(echoRequest(id)); err != nil {
		return outcome(err)
	}
	_ = connection.SetReadDeadline(time.Now().Add(timeout))
	for received := make([]byte, 1500); ; {
		length, _, err := connection.(*net.IPConn).ReadFrom(received)
		if err != nil {
			return outcome(err)
		}
		if length >= 8 && received[0] == 0 && uint16(received[4])<<8|uint16(received[5]) == id {
			return "echo", nil
		}
	}
}

func echoRequest(id uint16) []byte {
	message := []byte{8, 0, 0, 0, byte(id >> 8), byte(id), 0, 1}
	sum := uint32(8)<<8 + uint32(id) + 1
	sum = ^(sum + sum>>16)
	message[2], message[3] = byte(sum>>8), byte(sum)
	return message
}
