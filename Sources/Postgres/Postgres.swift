internal import CLibpq
internal import Collections
internal import Logging
internal import Metrics
