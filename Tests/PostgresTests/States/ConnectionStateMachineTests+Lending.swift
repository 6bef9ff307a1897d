import Testing

@testable import Postgres

/// How a lent connection comes back, from a transaction and a COPY too.
extension ConnectionStateMachineTests {
  @Test func `calls of a lending that has ended are refused`() {
    var machine = machine()
    let lease = machine.beginLease(singleStatement: false)
    let queued = [Self.statement(), Self.statement()]
    for call in queued { _ = machine.enqueue(call, lease: lease) }
    _ = machine.nextToSend()
    #expect(machine.endLease(lease).map { $0 === queued[1] } == [true])
    #expect(machine.enqueue(Self.statement(), lease: lease) == .refused(.connectionReturned))
  }

  @Test func `a connection goes back only when its last call is answered`() {
    var machine = machine()
    let lease = machine.beginLease(singleStatement: false)
    _ = machine.enqueue(Self.statement(prepared: false), lease: lease)
    _ = machine.nextToSend()
    _ = machine.endLease(lease)
    #expect(machine.settle(transactionIdle: true) { Self.statement("ROLLBACK") } == .no)
    for event in [ConnectionStateMachine.Event.rows(nil), .end, .sync] {
      _ = machine.receive(event)
    }
    #expect(machine.settle(transactionIdle: true) { Self.statement("ROLLBACK") } == .giveBack)
    #expect(machine.settle(transactionIdle: true) { Self.statement("ROLLBACK") } == .no)
  }

  @Test func `an open transaction is rolled back once, and a connection that keeps it is closed`() {
    var machine = machine()
    _ = machine.endLease(machine.beginLease(singleStatement: false))
    #expect(
      machine.settle(transactionIdle: false) { Self.statement("ROLLBACK", prepared: false) }
        == .rollingBack
    )
    #expect(sentCommands(machine.nextToSend()) == .execute)
    for event in [ConnectionStateMachine.Event.rows(nil), .end, .sync] {
      _ = machine.receive(event)
    }
    #expect(machine.settle(transactionIdle: false) { Self.statement("ROLLBACK") } == .close)
  }

  @Test func `a shared connection in a transaction is closed`() {
    var machine = machine(.shared(depth: 2))
    #expect(machine.settle(transactionIdle: false) { Self.statement() } == .close)
  }

  @Test func `a COPY in takes data until its end, then the result`() {
    var machine = machine()
    let calls = [Call.Kind.copyStart("COPY t FROM STDIN"), .copyData([1]), .copyEnd(refusal: nil)]
      .map { Self.waiting($0) }
    for call in calls { _ = machine.enqueue(call, lease: nil) }
    guard case .simple = machine.nextToSend() else {
      return _ = Issue.record("COPY is sent in the simple protocol")
    }
    #expect(finished(machine.receive(.copyIn)) === calls[0])
    guard case .copyData = machine.nextToSend() else { return _ = Issue.record("the data is next") }
    #expect(finished(machine.receive(.flushed)) === calls[1])
    guard case .copyEnd = machine.nextToSend() else { return _ = Issue.record("the end is next") }
    _ = machine.receive(.rows(nil))
    guard case .finished(_, _, reenterPipeline: true) = machine.receive(.end) else {
      return _ = Issue.record("COPY has ended")
    }
    #expect(machine.mode == .pipeline)
  }

  @Test func `a statement during a COPY is refused`() {
    var machine = machine()
    _ = machine.enqueue(Self.waiting(.copyStart("COPY t TO STDOUT")), lease: nil)
    _ = machine.nextToSend()
    _ = machine.receive(.copyOut)
    _ = machine.enqueue(Self.statement(), lease: nil)
    guard case .refuse(_, .misuse) = machine.nextToSend() else {
      return _ = Issue.record("it was not refused")
    }
  }

  @Test func `a connection that is given back in the middle of a COPY is closed`() {
    var machine = machine()
    let lease = machine.beginLease(singleStatement: false)
    _ = machine.enqueue(Self.waiting(.copyStart("COPY t TO STDOUT")), lease: lease)
    _ = machine.nextToSend()
    _ = machine.receive(.copyOut)
    _ = machine.endLease(lease)
    #expect(machine.settle(transactionIdle: false) { Self.statement() } == .close)
  }
}
