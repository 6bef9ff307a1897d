package import Platform

/// A subscription of an account. Its record belongs to Telecom.
package enum Subscription {
  package typealias ID = Identifier<Subscription>
}

/// All versions of one package. Its record belongs to Telecom.
package enum PackageSeries {
  package typealias ID = Identifier<PackageSeries>
}

/// One bought package in a subscription's queue. Its record belongs to Telecom.
package enum PackageQueueItem {
  package typealias ID = Identifier<PackageQueueItem>
}
