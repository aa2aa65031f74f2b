"""genre.backbones.graph: nodes become a network that onnxruntime runs."""

import numpy as np
import onnxruntime

from genre.backbones.graph import Graph, count_weights


def test_a_network_by_hand() -> None:
    graph = Graph(n_mels=2, n_frames=3)
    mean = graph.add("ReduceMean", graph.windows, np.array([1, 3]), keepdims=0)  # (n, 2)
    scaled = graph.scaled(
        graph.add("Unsqueeze", mean, np.array([2])), np.array([2.0, 3.0]), np.array([0.0, 1.0])
    )
    embedding = graph.add("Squeeze", scaled, np.array([2]))
    logits = graph.add("MatMul", embedding, np.array([[1.0], [10.0]]))
    model = graph.written(embedding=embedding, logits=logits, n_labels=1)
    session = onnxruntime.InferenceSession(model)
    windows = np.array([[[[1, 2, 3], [4, 4, 4]]]], dtype=np.float32)
    found = session.run(["embedding", "logits"], {"windows": windows})
    np.testing.assert_allclose(found[0], [[4.0, 13.0]])  # 2 · 2 and 3 · 4 + 1
    np.testing.assert_allclose(found[1], [[134.0]])
    assert count_weights(model) == 2 + 1 + 2 + 2 + 1 + 2
