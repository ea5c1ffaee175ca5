from .serial import loads, run_code
from app.utils.serial import unpack as unwrap

__all__ = ["loads", "run_code", "unwrap"]
