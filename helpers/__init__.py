"""What the chapters of *Ask, Predict, Run, Check* share; each module has one purpose.

Images are NumPy arrays: float32 in [0, 1], of shape (H, W) or (H, W, 3).
"""
