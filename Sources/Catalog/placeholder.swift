import Billing
