internal import Web
internal import Crypto
