internal import NIOCore

/// One deadline of a connection that is set and taken back with every request, on its event loop.
///
/// The event loop's own timer is left running when the deadline moves back and is set again when it fires too early,
/// so that a connection that is served quickly sets a timer once, not several times for each request.
final class Alarm {
    private let loop: any EventLoop
    private var due: (at: NIODeadline, action: () -> Void)?
    private var timer: (scheduled: Scheduled<Void>, at: NIODeadline)?

    init(_ loop: any EventLoop) { self.loop = loop }

    /// Whether a deadline is set.
    var isSet: Bool { due != nil }

    /// Sets the deadline, in place of the one that was set.
    func set(after delay: Duration, _ action: @escaping () -> Void) {
        let at = NIODeadline.now() + .init(delay)
        due = (at, action)
        if let timer, timer.at <= at { return }
        timer?.scheduled.cancel()
        arm(at)
    }

    /// Takes the deadline back.
    func clear() { due = nil }

    /// Lets go of the timer, with the end of the connection.
    func end() {
        due = nil
        timer?.scheduled.cancel()
        timer = nil
    }

    private func arm(_ at: NIODeadline) {
        timer = (loop.assumeIsolated().scheduleTask(deadline: at) { [weak self] in self?.ring() }, at)
    }

    private func ring() {
        timer = nil
        guard let due else { return }
        if due.at > .now() { return arm(due.at) }
        self.due = nil
        due.action()
    }
}
