package import Instrumentation
import ServiceContextModule

/// Which trace a call or message belongs to. Source: W3C Trace Context, `traceparent`.
package struct TraceContext: Sendable, Hashable {
  /// 32 lower-case hexadecimal digits, not all zero.
  package let traceID: String
  /// 16 lower-case hexadecimal digits, not all zero.
  package let spanID: String
  package let isSampled: Bool

  /// Parses a `traceparent` header; nil when it is malformed, as the specification asks.
  package init?(traceparent: String) {
    let parts = traceparent.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count >= 4, parts[0].count == 2, parts[0] != "ff",
      parts[0] != "00" || parts.count == 4
    else { return nil }
    guard parts.prefix(4).allSatisfy({ $0.utf8.allSatisfy(Self.isHexadecimal) }) else { return nil }
    guard parts[1].utf8.count == 32, parts[2].utf8.count == 16, parts[3].utf8.count == 2,
      let flags = UInt8(parts[3], radix: 16)
    else { return nil }
    guard parts[1].contains(where: { $0 != "0" }), parts[2].contains(where: { $0 != "0" }) else {
      return nil
    }
    traceID = String(parts[1])
    spanID = String(parts[2])
    isSampled = flags & 1 == 1
  }

  /// A new trace that starts here.
  package init(using generator: inout some RandomNumberGenerator) {
    // None of them is all zero, as the high half isn't.
    let numbers = (
      UInt64.random(in: 1 ... .max, using: &generator),
      UInt64.random(in: .min ... .max, using: &generator),
      UInt64.random(in: 1 ... .max, using: &generator)
    )
    traceID = withUnsafeBytes(of: (numbers.0, numbers.1)) { Array($0).hexadecimal }
    spanID = withUnsafeBytes(of: numbers.2) { Array($0).hexadecimal }
    isSampled = false
  }

  package var traceparent: String {
    "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")"
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }

  package enum Key: ServiceContextKey {
    package typealias Value = TraceContext
  }
}

extension ServiceContext {
  package var trace: TraceContext? {
    get { self[TraceContext.Key.self] }
    set { self[TraceContext.Key.self] = newValue }
  }
}

/// Carries the trace over process borders in the `traceparent` header.
package struct TraceContextInstrument: Instrument {
  package init() {}

  package func extract<Carrier, Extract: Extractor>(
    _ carrier: Carrier,
    into context: inout ServiceContext,
    using extractor: Extract
  ) where Extract.Carrier == Carrier {
    if let header = extractor.extract(key: "traceparent", from: carrier) {
      context.trace = TraceContext(traceparent: header)
    }
  }

  package func inject<Carrier, Inject: Injector>(
    _ context: ServiceContext,
    into carrier: inout Carrier,
    using injector: Inject
  ) where Inject.Carrier == Carrier {
    if let trace = context.trace {
      injector.inject(trace.traceparent, forKey: "traceparent", into: &carrier)
    }
  }
}
