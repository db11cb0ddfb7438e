import Mustache
import NIOConcurrencyHelpers

/// Collects the names that a template asked for in vain during one rendering.
final class MissingNames: Sendable {
    /// The collector of the rendering that this task is in.
    @TaskLocal static var current: MissingNames?

    private let names = NIOLockedValueBox<Set<String>>([])

    func note(_ name: String) { names.withLockedValue { _ = $0.insert(name) } }

    /// Sorted.
    var noted: [String] { names.withLockedValue { $0.sorted() } }
}

/// The bottom of the stack of views: what is not found here is found nowhere.
struct RootView: MustacheParent {
    let view: View

    func child(named name: String) -> Any? {
        if let child = view.child(named: name) { return child }
        MissingNames.current?.note(name)
        return nil
    }
}
