"""What the chapter on the essential matrix must keep true."""

# elsewhere, figure-pair: 8 * np.array([-2, 1, 6]) → 5 * np.array([4, -4, 3]): the right camera turned otherwise
# elsewhere, eight-point: threshold=1.0 → threshold=2.0: a wider threshold of RANSAC
# elsewhere, match: max_ratio=0.6 → max_ratio=0.75: more matches
# elsewhere, scenes: [1.5, 1.2, 6] → [1.5, 1.2, 5]: a shallower box
# elsewhere, draws: draw_pair(50, → draw_pair(100,: twice as many draws
# entry: match(picture, tilted)

# %% concludes: The four mirrors have $\det R=-1$. The votes do not tell: for one of the mirrors most points are in front.
votes_ = {
    name: in_front(R, t, rays(a, K1), rays(b, K2)).mean()
    for name, (R, t, a, b) in candidates.items()
}
mirrors_ = [name for name in candidates if name.startswith("mirror")]
assert len(mirrors_) == 4
for name in candidates:
    R = candidates[name][0]
    np.testing.assert_allclose(np.linalg.det(R), -1 if name in mirrors_ else 1)
assert max(votes_[name] for name in mirrors_) > 0.5

# %% concludes: No pair of a rotation here is black while all eight corners are in front.
rotations_ = [(R, t) for name, (R, t, *_) in candidates.items() if "mirror" not in name]
rotations_ += [named_poses(a, b)["R, t"] for *_, a, b in draw_pair(12, 16, 2, seed=3)]
black_ = []
for R, t in rotations_:
    whole_ = all((rays(corners, K) @ turn[2] > 0).all() for K, turn, _ in rectify(R, t)[1])
    black_.append((rectified(R, t) > 0).mean() < 0.02)
    assert not (whole_ and black_[-1])
assert any(black_)

# %% concludes: of the ten such draws with the smallest gap, half have $t$ off by more than 20°.
gaps_, off_ = table[16, 2][:2]
assert np.median(off_[np.argsort(gaps_)[:10]]) > 20

# %% concludes: With 16 matches and two pixels, more than half of the fitted pairs have rows right to two pixels; by eight points, fewer than one in ten.
eight_, fit_ = np.mean(table[16, 2][3:5] < 2, axis=1)
assert fit_ > 0.5
assert eight_ < 0.1

# %% concludes: In every row the fitted $t$ is nearer to the truth in the median; with half a pixel and one, its error is less than a third.
for (_, noise), (_, before_, after_, *_) in table.items():
    share_ = 1 / 3 if noise <= 1 else 1
    assert np.median(after_) < share_ * np.median(before_)

# %% concludes: With half a pixel and one, more than eight of ten errors are within two and a half bars. With four pixels in 16 matches, more than one in five is not
within_ = {case: np.mean(values[2] < 2.5 * values[5]) for case, values in table.items()}
assert within_[16, 4] < 0.8
assert min(share for (_, noise), share in within_.items() if noise <= 1) > 0.8

# %% concludes: With all matches, half a percent makes the fitted $t$ the worse one; with 16 noisy ones it is still better at two percent.
eight_, fit_ = (np.median(focal["all matches"][:, k], axis=-1) for k in (1, 2))
assert (fit_ > eight_)[percents >= 0.5].all()
assert fit_[0] < eight_[0]
eight_, fit_ = (np.median(focal["16 matches, 1 px"][:, k], axis=-1) for k in (1, 2))
assert (fit_ < eight_)[percents <= 2].all()
assert {0.5, 2} <= set(percents)

# %% concludes: Five percent open a gap of more than four, nearly the asker's. And a twentieth of a percent turns our fitted $t$ by more than two bars
assert 4 < focal["all matches"][-1, 0, 0] < asker_gap
for p_ in (-0.05, 0.05):
    assert angle(fit_pose(good1, good2, longer(K1, p_), K2).t, fitted.t) > 2 * fitted.bar

# %% concludes: With 5 % and all matches, the pose leaves more than twice the noise that $F$ leaves. With 1 % no doubt is raised, and $t$ is off by more than ten bars.
_, (_, by_pose_, by_F_, *_), _ = symptoms(good1, good2, longer(K1, 5), K2)
assert by_pose_ > 2 * by_F_
for given_ in ((longer(K1, 1), K2), (K1, longer(K2, 1))):
    fit_, _, found_ = symptoms(good1, good2, *given_)
    assert found_ == []
    assert angle(fit_.t, t_true) > 10 * fit_.bar

# %% concludes: If that of $K_1$ is 110 pixels too far right, as where the left of a picture is cut off, $t$ is turned round, and no doubt is raised.
fit_, (_, _, _, front_, _), found_ = symptoms(
    good1, good2, K1 + 110 * np.eye(3)[[0]].T @ np.eye(3)[[2]], K2
)
assert angle(fit_.t, t_true) > 150
assert front_ > 0.9
assert found_ == []
np.testing.assert_allclose(told["K₁, centre 110 px"][0].t, fit_.t)
crop_ = good1[:, 0] > 111  # the same by a picture that is cut off
fit_, _, found_ = symptoms(good1[crop_] - [110, 0], good2[crop_], K1, K2)
assert angle(fit_.t, t_true) > 150
assert found_ == []

# %% concludes: To fit the matches all the same, it turns $t$ ahead or behind, along the valley.
for p_ in (-5, 5):
    side_, along_ = across @ fit_pose(good1, good2, longer(K1, p_), K2).t
    assert abs(along_) > 5 * abs(side_)
    assert abs(along_) > 0.2

# %% concludes: With half a pixel and one, its error is less than two thirds of that by eight points; with 200 matches and four pixels, it is larger.
for case_, values_ in table.items():
    eight_, opencv_ = np.median(values_[[1, 7]], axis=1)
    if case_[1] <= 1:
        assert opencv_ < 2 / 3 * eight_
    elif case_[0] == 200:
        assert opencv_ > eight_

# %% concludes: From a mirror, `stereoRectify` computes half a turn, or a quarter turn if it is twisted. What is filled is then chance: for mirrors of turns by about three degrees, between nothing and more than half.
for name in candidates:
    if not name.startswith("mirror"):
        continue
    R, t = candidates[name][:2]
    vector_ = cv2.Rodrigues(R)[0]
    turn_ = 90 if "twisted" in name else 180
    np.testing.assert_allclose(np.degrees(np.linalg.norm(vector_)), turn_, atol=1)
    two_ = [cv2.stereoRectify(K1, None, K2, None, size, S, t[:, None]) for S in (R, vector_)]
    for one_, other_ in zip(two_[0][:4], two_[1][:4], strict=True):
        np.testing.assert_allclose(one_, other_, atol=1e-9)
rng_, fills_ = np.random.default_rng(0), []
for _ in range(24):
    R_ = Rotation.from_rotvec(3 * rng_.normal(size=3) / np.sqrt(3), degrees=True).as_matrix()
    t_ = rng_.normal(size=3)
    fills_.append((rectified(-R_, t_ / np.linalg.norm(t_)) > 0).mean())
assert min(fills_) < 0.01
assert max(fills_) > 0.5

# %% concludes: The box takes more than twice the noise of the pair for the asker's gap. With 5 % in one focal length, too, the fitted $t$ is worse than that of eight points, by far more than its bar says.
halves_ = [np.median(boxes[16, s][0]) for s in px]
assert 0.5 < needed < np.interp(asker_gap, halves_, px) / 2
_, eight_, fit_, _, _, bar_, *_ = np.median(large, axis=1)
assert fit_ > 5 * eight_
assert fit_ > 5 * bar_

# %% concludes: A homography explains nearly all matches; of our pair less than half. After a turn alone there is no $t$ to find, and yet the fit gives one, with a bar
flat_ = {name: numbers[4] for name, (_, numbers, _) in told.items()}
assert min(flat_["a turn alone"], flat_["a flat scene"]) > 0.9
assert flat_["our pair"] < 0.5
assert 0 < told["a turn alone"][0].bar < 90

# %% concludes: The eight-point $t$ of a flat scene is off by more than 20° in the median; the fitted one of none by more than 3°. A plane has two solutions that leave nearly the same noise (Longuet-Higgins, 1986). For our walls, all points are in front in only one of them.
assert len(walls) == 12
assert np.median(flat_eight) > 20
assert len(flat_eight) == 12
assert flat_fit.max() < 3
others_ = []
for *_, a, b in walls:
    q_ = rays(a, K1), rays(b, K2)
    assert in_front(*fit_pose(a, b, K1, K2)[:2], *q_).mean() > 0.99
    plane_ = np.linalg.inv(K2) @ cv2.findHomography(a, b)[0] @ K1
    _, Rs_, ts_, _ = cv2.decomposeHomographyMat(plane_, np.eye(3))  # the two, and their signs
    true_ = refine_pose(R_true, t_true, a, b, K1, K2)
    for R, t in zip(Rs_, ts_, strict=True):
        if 30 < angle(t[:, 0], t_true) < 150:
            end_ = refine_pose(R, t[:, 0] / np.linalg.norm(t), a, b, K1, K2)
            others_.append((end_.noise / true_.noise, in_front(*end_[:2], *q_).mean()))
assert len(others_) >= 12
assert np.max(others_, axis=0)[0] < 1.2
assert np.max(others_, axis=0)[1] < 0.9

# %% concludes: With such turns and $t$ more than 30° from ahead, more than half of both our pictures is filled; with $t$ within 10°, both are black
rng_ = np.random.default_rng(0)
for case_ in range(40):
    R_ = Rotation.from_rotvec(3 * rng_.normal(size=3) / np.sqrt(3), degrees=True).as_matrix()
    far_ = np.radians(rng_.uniform(30, 90) if case_ % 2 else rng_.uniform(0, 10))
    way_ = rng_.uniform(0, 2 * np.pi)
    t_ = np.array([np.sin(far_) * np.cos(way_), np.sin(far_) * np.sin(way_), np.cos(far_)])
    filled_ = (rectified(R_, t_) > 0).mean((1, 2, 3))
    assert filled_.min() > 0.5 if case_ % 2 else filled_.max() < 0.02

# %% concludes: So the asker's $R$ is a turn of about three degrees, or its twisted form.
sought_ = 0.3143 + 20.8610j
np.testing.assert_allclose(cosine, abs(sought_) ** 2 / (21.479 * 20.286))
rng_, turns_ = np.random.default_rng(1), []
for _ in range(4000):  # matrices with the asker's singular values, and turns of all sizes below 15°
    R_ = Rotation.from_rotvec(rng_.uniform(-9, 9, 3), degrees=True).as_matrix()
    U_, _, Vt_ = np.linalg.svd(essential(R_, rng_.normal(size=3)))
    mixed_ = Rotation.from_rotvec([0, 0, rng_.uniform(-np.pi, np.pi)]).as_matrix()
    E_ = U_ @ mixed_ @ np.diag([21.479, 20.286, 0]) @ mixed_.T @ Vt_
    E_ *= np.sign(np.linalg.det(U_) * np.linalg.det(Vt_))
    found_ = np.linalg.eigvals(E_)
    found_ = found_[np.argmax(found_.imag)]
    four_ = [np.degrees(Rotation.from_matrix(S).magnitude()) for S, _ in decompose_essential(E_)]
    if abs(abs(found_) - abs(sought_)) < 0.003 and abs(abs(found_.real) - sought_.real) < 0.1:
        turns_.append((min(four_), max(four_)))
assert len(turns_) >= 5
assert 2 < np.min(turns_, axis=0)[0] <= np.max(turns_, axis=0)[0] < 4
assert np.min(turns_, axis=0)[1] > 170

# %% concludes: With 5 % in both, $t$ stays as good. Twice too long, they open more than the asker's gap, and the pose leaves more noise than $F$, so that they too are noticed.
assert angle(told["both + 5 %"][0].t, t_true) < 2 * angle(fitted.t, t_true) + fitted.bar
assert told["both + 5 %"][2] == []
assert gap(eight_point(*suspects["both + 100 %"])) > asker_gap
assert told["both + 100 %"][2] == ["calibration"]

# %% the pair: the right camera turned, beside the left one
np.testing.assert_allclose(R_true @ R_true.T, np.eye(3), atol=1e-12)
np.testing.assert_allclose(np.degrees(Rotation.from_matrix(R_true).magnitude()), 8)
np.testing.assert_allclose(R_true.T @ t_true, [-1, 0, 0], atol=1e-12)
assert tilted.shape == right.shape
assert 0 <= tilted.min() < tilted.max() <= 1
back_ = cv2.warpPerspective(tilted, np.linalg.inv(move), size, flags=cv2.INTER_CUBIC)
shown_ = cv2.warpPerspective(np.ones(right.shape[:2]), move, size)
shown_ = cv2.warpPerspective(shown_, np.linalg.inv(move), size) > 0.99
assert shown_.mean() > 0.8
assert np.median(abs(back_ - right)[shown_]) < 5 / 255

# %% the matches: places that correspond, but for a few
_, _, disparity_ = data.stereo_motorcycle()
column_, row_ = np.rint(good1).astype(int).T
d_ = disparity_[row_, column_]
known_ = np.isfinite(d_)
there_ = homogeneous(good1 - np.stack([d_, 0 * d_], -1)) @ move.T
with np.errstate(invalid="ignore"):
    miss_ = np.linalg.norm(there_[:, :2] / there_[:, 2:] - good2, axis=1)[known_]
assert np.mean(miss_ < 2) > 0.95
assert np.median(miss_) < 0.5
assert 0.8 < len(good1) / len(matches[0]) < 1
assert (good1 == np.rint(good1)).all(1).mean() < 0.1, "places between pixels"
grey_ = match(left.mean(-1), tilted.mean(-1))
assert len(grey_[0]) > 300

# %% RANSAC: false matches go, and it says how many it needs
import pytest

(_, _, a_, b_), *_ = make_scenes(1, 200, noise=0.5, seed=3)
b_[:60] = np.random.default_rng(0).uniform([0, 0], [1000, 800], (60, 2))
kept1_, kept2_ = agreeing(a_, b_, 2.0)
assert kept1_.shape == kept2_.shape
rows_ = {tuple(row) for row in kept1_}
assert np.mean([tuple(row) in rows_ for row in a_[60:]]) > 0.7
assert np.mean([tuple(row) in rows_ for row in a_[:60]]) < 0.2
assert len(agreeing(a_, b_, 0.3)[0]) < len(kept1_)
for few_ in (0, 1, 8):
    with pytest.raises(ValueError, match="9 or more"):
        agreeing(a_[:few_], b_[:few_])
for bad_ in (a_.T, a_[1:], np.full_like(a_, np.nan), a_[:, 0], np.c_[a_, a_[:, 0]]):
    with pytest.raises(ValueError, match="x1 is"):
        agreeing(bad_, b_)
assert len(agreeing(a_[60:69], b_[60:69], 3)[0]) >= 7

# %% the eight-point way: exact matches, few and many; refusals
import pytest

for n_ in (8, 9, 50):
    for R, t, a, b in make_scenes(3, n_, seed=n_):
        E_ = eight_point(a, b, K, K)
        true_ = essential(R, t) / np.linalg.norm(t) / np.sqrt(2)
        E_ /= np.linalg.norm(E_)
        assert min(abs(E_ - true_).max(), abs(E_ + true_).max()) < 1e-3
        assert abs(np.linalg.det(E_)) < 1e-12
        two_ = np.diag([0.5, 0.5, 1]) @ K
        half_ = eight_point(a, b * 0.5, K, two_)
        half_ /= np.linalg.norm(half_)
        assert min(abs(half_ - true_).max(), abs(half_ + true_).max()) < 1e-3
np.testing.assert_allclose(
    eight_point(a[:, None], b[:, None].tolist(), K.tolist(), K.tolist()), eight_point(a, b, K, K)
)
for given_, said_ in (((a[:7], b[:7]), "8 or more"), ((a, a), "too alike")):
    with pytest.raises(ValueError, match=said_):
        eight_point(*given_, K, K)

# %% an essential matrix: what it does to vectors, and its singular values and eigenvalues
rng_ = np.random.default_rng(2)
R_ = Rotation.random(50, rng=rng_).as_matrix()
t_ = rng_.normal(size=(50, 3))
E_ = essential(R_, t_)
v_ = rng_.normal(size=3)
np.testing.assert_allclose(E_ @ v_, np.cross(t_, R_ @ v_), atol=1e-12)
np.testing.assert_allclose(essential(R_[0], t_[0]), E_[0])
length_ = np.linalg.norm(t_, axis=1)
np.testing.assert_allclose(
    np.linalg.svd(E_, compute_uv=False), length_[:, None] * [1, 1, 0], atol=1e-12
)
for E, R, t in zip(E_, R_, t_, strict=True):
    found_ = sorted(np.linalg.eigvals(E), key=abs)[1:]
    np.testing.assert_allclose(np.prod(found_).real, t @ R @ t, atol=1e-10)
    np.testing.assert_allclose(2 * E @ E.T @ E, np.trace(E @ E.T) * E, atol=1e-10)
for sign_, U, Vt in zip(mirrored[:50], U_many, Vt_many, strict=False):
    assert np.linalg.det(four_poses(U, Vt)[0][0]) * (1 - 2 * sign_) > 0
assert 0.3 < mirrored.mean() < 0.7


def farthest_(one, two):
    return max(min(max(abs(R - S).max(), abs(t - u).max()) for S, u in two) for R, t in one)


# %% four poses: rotations with the right E, none a mirror, as OpenCV has them; refusals
import pytest

for E, R in zip(E_many[:50], turns.as_matrix()[:50], strict=True):
    four_ = decompose_essential(E)
    for A, u in four_:
        np.testing.assert_allclose(A @ A.T, np.eye(3), atol=1e-12)
        np.testing.assert_allclose(np.linalg.det(A), 1)
        np.testing.assert_allclose(np.linalg.norm(u), 1)
        unit_ = E / np.linalg.norm(E) * np.sqrt(2)
        again_ = essential(A, u)
        assert min(abs(again_ - unit_).max(), abs(again_ + unit_).max()) < 1e-12
    assert min(abs(A - R).max() for A, _ in four_) < 1e-10
    A, B, u = cv2.decomposeEssentialMat(E)
    theirs_ = [(S, s * u[:, 0]) for S in (A, B) for s in (1, -1)]
    assert (
        max(min(abs(A - S).max() + abs(u - v).max() for S, v in theirs_) for A, u in four_) < 1e-12
    )
assert len(decompose_essential(E_pair.tolist())) == 4
for bad_ in (np.eye(3, 4), np.zeros((3, 3)), np.full((3, 3), np.nan), E_many[:2]):
    with pytest.raises(ValueError, match="E must be"):
        decompose_essential(bad_)

# %% the sign that the SVD may choose: the same E, and four mirrors
U_, s_, Vt_ = np.linalg.svd(E_pair)
flipped_ = U_ * [1, 1, -1]
np.testing.assert_allclose(flipped_ @ np.diag(s_) @ Vt_, E_pair, atol=1e-9)
both_ = [four_poses(Q, Vt_) for Q in (U_, flipped_)]
signs_ = [round(np.linalg.det(four[0][0])) for four in both_]
assert sorted(signs_) == [-1, 1]
for R, _ in both_[signs_.index(-1)]:
    assert min(abs(R + S).max() for S, _ in decompose_essential(E_pair)) < 1e-12
    assert min(abs(R - candidates[f"mirror, {name}"][0]).max() for name in ours) < 1e-12

# %% in front: the signs of the depths; a point at infinity votes
import pytest

for R, t, a, b in make_scenes(4, 80, seed=6):
    r1_, r2_ = rays(a, K), rays(b, K)
    np.testing.assert_allclose(r1_[:, 2], 1)
    np.testing.assert_allclose(r1_ @ K.T, homogeneous(a))
    assert in_front(R, t, r1_, r2_).all()
    assert not in_front(R, -t, r1_, r2_).any()
    half_turn_ = 2 * np.outer(t, t) / (t @ t) - np.eye(3)
    assert not in_front(half_turn_ @ R, t, r1_, r2_).any()
    half_ = r1_.copy()
    half_[:40] *= -1
    np.testing.assert_array_equal(in_front(R, t, half_, r2_), np.arange(80) >= 40)
    S_, u_ = choose_pose(decompose_essential(essential(R, t)), r1_, r2_)
    np.testing.assert_allclose(S_, R, atol=1e-10)
    np.testing.assert_allclose(u_ * np.linalg.norm(t), t, atol=1e-10)
far_ = np.eye(3)[[2, 2]]
quarter_ = np.diag([-1.0, -1.0, 1.0])
assert in_front(np.eye(3), np.eye(3)[0], far_, far_).all()
assert in_front(np.eye(3), -np.eye(3)[0], far_, far_).all()
assert np.isfinite(in_front(quarter_, np.eye(3)[0], far_, far_)).all()
for bad_ in (K.T, K[:2], 2 * K):
    with pytest.raises(ValueError, match="K must be"):
        rays(a, bad_)

# %% names of the poses: the one with most points in front, its −t, and the twisted ones
assert list(ours) == ["R, t", "R, −t", "twisted, t", "twisted, −t"]
S_, u_ = ours["R, t"]
assert np.degrees(Rotation.from_matrix(S_.T @ R_true).magnitude()) < 0.5
assert angle(u_, t_true) < 5
np.testing.assert_array_equal(ours["R, −t"][0], S_)
np.testing.assert_array_equal(ours["R, −t"][1], -u_)
for name, sign_ in (("twisted, t", 1), ("twisted, −t", -1)):
    np.testing.assert_allclose(ours[name][0] @ S_.T, 2 * np.outer(u_, u_) - np.eye(3), atol=1e-10)
    np.testing.assert_array_equal(ours[name][1], sign_ * u_)

third_ = Rotation.from_euler("z", 120, degrees=True).as_matrix()  # of the second camera, too
rays_ = rays(good2, K2) @ (K2 @ third_).T
turned_ = named_poses(good1, rays_[:, :2] / rays_[:, 2:])["R, t"]
assert np.degrees(Rotation.from_matrix(turned_[0].T @ third_ @ R_true).magnitude()) < 0.5
assert angle(turned_[1], third_ @ t_true) < 5

# %% two ways to fail: of twelve, two pictures are straight; mirrors and noise have none
filled_ = {name: (pictures > 0).mean((1, 2, 3)) for name, pictures in straight.items()}
rows_ = {name: rectify(R, t)[0] for name, (R, t, *_) in candidates.items()}
votes_ = {
    name: in_front(R, t, rays(a, K1), rays(b, K2)).mean()
    for name, (R, t, a, b) in candidates.items()
}
assert good == ["R, t", "R, −t"]
assert [name for name in straight if rows_[name] < 5] == good
assert min(filled_[name].min() for name in good) > 0.8
assert filled_["twisted, t"].max() == filled_["twisted, −t"].max() == 0
np.testing.assert_array_equal(straight["R, t"], straight["R, −t"])
assert abs(straight["R, t"][0] - left).mean() < 0.25
assert abs(straight["R, t"][1] - right).mean() < abs(straight["R, t"][1] - tilted).mean()
assert votes_["R, t"] > 0.99
assert votes_["16: R, t"] == max(votes_[name] for name in candidates if "16" in name)
assert len(candidates) == 12
again_ = match(*straight["R, t"])
assert abs(np.median(abs(again_[0] - again_[1])[:, 1]) - rows_["R, t"]) < 0.3
assert rectify(*fitted[:2], longer(K1, 5))[0] > rectify(*fitted[:2])[0] + 1
assert rectify(*cured[:2])[0] < rows_["16: R, t"] / 5
assert (rectified(*cured[:2]) > 0).mean() > 0.7
assert [corners.min(0).tolist(), corners.max(0).tolist()] == [[0, 0], list(size)]
assert len({tuple(place) for place in corners}) == 4
a_, b_ = noisy_sixteen(0)
assert a_.shape == b_.shape == (16, 2)
assert {tuple(row) for row in np.c_[a_, b_]} <= {tuple(row) for row in np.c_[good1, good2]}
assert len({tuple(row) for row in a_}) == 16
assert 1.5 < np.std([noisy_sixteen(2)[0] - a_, noisy_sixteen(2)[1] - b_]) < 2.5

# %% equal singular values: the repaired matrix has them, and is the one that R and t give
U_, _, Vt_ = np.linalg.svd(E_pair)
repaired_ = U_ @ np.diag([1, 1, 0]) @ Vt_
again_ = essential(*ours["R, t"])
assert min(abs(again_ - repaired_).max(), abs(again_ + repaired_).max()) < 1e-12
assert len(equalised) == 4

# %% scenes: the pose fits the matches, noise and baseline are what was asked for
spread_ = []
for R, t, a, b in make_scenes(100, 50, baseline=0.1, seed=1):
    np.testing.assert_allclose(np.linalg.norm(t), 0.45)
    np.testing.assert_allclose(
        np.einsum("ni,ij,nj->n", rays(b, K), essential(R, t), rays(a, K)), 0, atol=1e-12
    )
    spread_.append(np.degrees(Rotation.from_matrix(R).magnitude()))
assert 6 < np.sqrt(np.mean(np.square(spread_))) < 11
(_, t, a, b), (_, _, c, d) = next(make_scenes(1, 900, 0)), next(make_scenes(1, 900, 2.0))
assert 1.8 < (c - a).std() < 2.2
assert 1.8 < (d - b).std() < 2.2
assert abs(np.corrcoef((c - a).ravel(), (d - b).ravel())[0, 1]) < 0.1
np.testing.assert_allclose(np.linalg.norm(t), 0.9)
assert not np.array_equal(next(make_scenes(1, 8, seed=1))[2], next(make_scenes(1, 8, seed=2))[2])
assert next(make_scenes(1, 8, baseline=0))[1].tolist() == [0, 0, 0]

# %% draws of the pair: its own matches, no one twice, with noise
drawn_ = list(draw_pair(3, 100, seed=4))
whole_ = {tuple(row) for row in np.c_[good1, good2]}
for R, t, a, b in drawn_:
    assert R is R_true
    assert t is t_true
    assert {tuple(row) for row in np.c_[a, b]} <= whole_
assert not np.array_equal(drawn_[0][2], drawn_[1][2])
(*_, c, d), (*_, a, b) = next(draw_pair(1, 500, 2.0, seed=4)), next(draw_pair(1, 500, seed=4))
assert 1.8 < (c - a).std() < 2.2
assert 1.8 < (d - b).std() < 2.2
assert abs(np.corrcoef((c - a).ravel(), (d - b).ravel())[0, 1]) < 0.2

# %% angles, small and large, and the gap
np.testing.assert_allclose(angle(np.eye(3), np.eye(3)[[0, 2, 1]]), [0, 90, 90])
np.testing.assert_allclose(angle(np.array([1.0, 1e-9, 0]), np.array([2.0, 0, 0])), np.degrees(1e-9))
np.testing.assert_allclose(angle(t_true, -t_true), 180)
np.testing.assert_allclose(gap(np.diag([0, -3.0, 2.0])), 50)
assert gap(E_many[:7]).shape == (7,)
np.testing.assert_allclose(asker_gap, 5.883, atol=1e-3)
for percent_ in (-50, 20, 100):  # parallel axes: no focal length opens a gap
    A_, a_ = np.linalg.inv(longer(K1, percent_)), np.array([0.6, -0.5, 0.4])
    assert gap(A_.T @ essential(np.eye(3), a_) @ A_) < 1e-9

# %% the table: what a draw measures, and that gaps grow with noise and shrink with matches
assert list(table) == list(boxes) == CASES
rows_ = measured(draw_pair(3, 16, 1, seed=2), K1, K2)
assert rows_.shape == (8, 3)
np.testing.assert_allclose(rows_, table[16, 1][:, :3])
_, t, a, b = next(draw_pair(1, 16, 1, seed=2))
pose_, found_ = named_poses(a, b)["R, t"], fit_pose(a, b, K1, K2)
np.testing.assert_allclose(rows_[0, 0], gap(eight_point(a, b, K1, K2)))
np.testing.assert_allclose(rows_[1:3, 0], [angle(pose_[1], t), angle(found_.t, t)])
np.testing.assert_allclose(rows_[3:5, 0], [rectify(*pose_)[0], rectify(*found_[:2])[0]])
np.testing.assert_allclose(rows_[5:7, 0], [found_.bar, found_.noise])
five_ = cv2.findEssentialMat(
    a, b, K1, None, K2, None, cv2.USAC_ACCURATE, threshold=3 * found_.noise, prob=0.999
)[0]
five_ = choose_pose(decompose_essential(five_), rays(a, K1), rays(b, K2))
np.testing.assert_allclose(rows_[7, 0], angle(five_[1], t))
for one_ in (table, boxes):
    medians_ = [np.median(one_[16, noise][0]) for noise in (0.5, 1, 2, 4)]
    assert (np.diff(medians_) > 0).all()
    assert np.median(one_[200, 1][0]) < medians_[1] / 2
    noises_ = [np.median(one_[16, noise][6]) for noise in (1, 2, 4)]
    np.testing.assert_allclose(noises_, [1, 2, 4], rtol=0.2)
np.testing.assert_allclose(longer(K1, 5), K1 + 0.05 * np.diag([K1[0, 0], K1[1, 1], 0]))
np.testing.assert_array_equal(K1[:2, 2], longer(K1, 7)[:2, 2])
assert focal["16 matches, 1 px"].shape == (7, 8, 15)
np.testing.assert_allclose(
    focal["all matches"][-1, 2], angle(fit_pose(good1, good2, longer(K1, 5), K2).t, t_true)
)

# %% Sampson's distance: the shift of a point to its line, to first order; at the epipoles
E_ = essential(R_true, t_true)
one_ = rays(good1[:40], K1)
lines_ = one_ @ E_.T
normal_ = lines_[:, :2] / np.linalg.norm(lines_[:, :2], axis=1, keepdims=True)
foot_ = np.random.default_rng(0).uniform(-0.3, 0.3, (40, 2))
foot_ = (
    foot_ - normal_ * ((homogeneous(foot_) * lines_).sum(1) / np.hypot(*lines_[:, :2].T))[:, None]
)
np.testing.assert_allclose(sampson(E_, one_, homogeneous(foot_)), 0, atol=1e-15)
away_ = homogeneous(foot_ + 1e-6 * normal_)
line1_ = away_ @ E_
share_ = np.hypot(*lines_[:, :2].T) / np.hypot(
    np.hypot(*lines_[:, :2].T), np.hypot(*line1_[:, :2].T)
)
np.testing.assert_allclose(sampson(E_, one_, away_), 1e-6 * share_, rtol=1e-4)
ahead_ = np.eye(3)[[2]]
assert sampson(essential(np.eye(3), np.eye(3)[2]), ahead_, ahead_).tolist() == [0]

# %% refining: a pose of the same kind, at the least loss, with its bar by differences
back_ = np.linalg.inv(K)


def left_(R, t, a, b):
    return sampson(back_.T @ essential(R, t) @ back_, homogeneous(a), homogeneous(b))


for R, t, a, b in make_scenes(3, 100, noise=0.5, seed=4):
    unit_ = t / np.linalg.norm(t)
    start_ = Rotation.from_rotvec([0.005, -0.01, 0.01]).as_matrix() @ R, unit_
    end_ = refine_pose(*start_, a, b, K, K)
    end_ = refine_pose(end_.R, end_.t, a, b, K, K)
    np.testing.assert_allclose(end_.R @ end_.R.T, np.eye(3), atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(end_.t), 1)
    assert np.degrees(Rotation.from_matrix(end_.R.T @ R).magnitude()) < 0.2
    assert angle(end_.t, t) < 2
    losses_ = [(left_(*p, a, b) ** 2).sum() for p in (end_[:2], start_, (R, unit_))]
    assert losses_[0] < min(losses_[1:])
    np.testing.assert_allclose(end_.noise**2, losses_[0] / 95)
    across_ = np.linalg.svd(end_.t[None])[2][1:]
    steps_ = 1e-6 * np.eye(5)
    J_ = [
        left_(Rotation.from_rotvec(p[:3]).as_matrix() @ end_.R, end_.t + p[3:] @ across_, a, b)
        - left_(Rotation.from_rotvec(-p[:3]).as_matrix() @ end_.R, end_.t - p[3:] @ across_, a, b)
        for p in steps_
    ]
    J_ = np.array(J_) / 2e-6
    expected_ = np.degrees(end_.noise * np.sqrt(np.trace(np.linalg.inv(J_ @ J_.T)[3:, 3:])))
    np.testing.assert_allclose(end_.bar, expected_, rtol=1e-2)

# %% fitting: exact matches give the exact pose, and the sign of t
import pytest

for R, t, a, b in make_scenes(5, 30, seed=3):
    found_ = fit_pose(a, b, K, K)
    np.testing.assert_allclose(found_.R, R, atol=1e-7)
    np.testing.assert_allclose(found_.t * np.linalg.norm(t), t, atol=1e-6)
assert angle(fitted.t, t_true) < angle(ours["R, t"][1], t_true) < 5
with pytest.raises(ValueError, match="8 or more"):
    fit_pose(a[:7], b[:7], K, K)

# %% fitting finds an end as good as from twelve directions, nearly always: points in front by noise
worse_ = []
for _, _, a, b in draw_pair(8, 16, 1.0, seed=8):
    found_, q_ = fit_pose(a, b, K1, K2), (rays(a, K1), rays(b, K2))
    aim_ = np.random.default_rng(1).normal(size=(12, 3))
    ends_ = [refine_pose(found_.R, u / np.linalg.norm(u), a, b, K1, K2) for u in aim_]
    ends_ += [end._replace(t=-end.t) for end in ends_]
    merits_ = [in_front(*end[:2], *q_).mean() / end.noise for end in (found_, *ends_)]
    worse_.append(merits_[0] < 0.999 * max(merits_))
assert np.mean(worse_) < 0.3

# %% the slider: lines of the noisy points, points that they pass, the epipole, what the title says
for noise_ in shakes:
    axis_ = draw_noise(noise_).axes[0]
    dots_ = next(line.get_xydata() for line in axis_.lines if line.get_marker() == "o")
    star_ = next(line.get_xydata() for line in axis_.lines if line.get_marker() == "*")[0]
    lines_ = [line for line in axis_.lines if line.get_marker() not in ("o", "*")]
    assert len(lines_) == len(dots_) == 16
    apart_, past_ = [], []
    for line_, (x_, y_) in zip(lines_, dots_, strict=True):
        (x0_, y0_), slope_ = line_.get_xy1(), line_.get_slope()
        apart_.append(abs(y0_ + slope_ * (x_ - x0_) - y_) / np.hypot(1, slope_))
        past_.append(abs(y0_ + slope_ * (star_[0] - x0_) - star_[1]) / np.hypot(1, slope_))
    assert np.median(apart_) < (1 if noise_ == 0 else 1.5 * noise_)
    assert max(past_) < 1e-4 * np.hypot(*star_) + 1e-6
    told_ = axis_.get_title().replace(",", "").replace("°", "").split()
    a_, b_ = noisy_sixteen(noise_)
    assert abs(float(told_[1]) - gap(eight_point(a_, b_, K1, K2))) < 0.06
    assert abs(float(told_[6]) - angle(named_poses(a_, b_)["R, t"][1], t_true)) < 0.6
    assert abs(float(told_[8]) - angle(fit_pose(a_, b_, K1, K2).t, t_true)) < 0.6

# %% cameras of unlike focal lengths: noise in the pixels of both, no false doubt
for zoom_ in (0.5, 1, 2):
    two_, doubts_, noises_ = np.diag([zoom_, zoom_, 1]) @ K, [], []
    for k_, (*_, a, b) in enumerate(make_scenes(8, 200, seed=5)):
        shake_ = 0.3 * np.random.default_rng(k_).normal(size=(2, 200, 2))
        fit_, numbers_, found_ = symptoms(a + shake_[0], zoom_ * b + shake_[1], K, two_)
        doubts_ += found_
        noises_.append(numbers_[1:3])
    assert "calibration" not in doubts_
    np.testing.assert_allclose(np.mean(np.square(noises_), axis=0), 0.09, rtol=0.1)

# %% what makes a pose doubtful
fit_, numbers_, found_ = symptoms(good1, good2, K1, K2)
assert found_ == []
np.testing.assert_allclose(fit_.t, fitted.t)
np.testing.assert_allclose(numbers_[:2], [fitted.bar, fitted.noise])
F_ = eight_point(good1, good2, np.eye(3), np.eye(3))
left_ = sampson(F_, homogeneous(good1), homogeneous(good2))
np.testing.assert_allclose(numbers_[2], np.sqrt((left_**2).sum() / (len(good1) - 7)))
assert "bar" in symptoms(*next(make_scenes(1, 40, 1.0, 0.005, seed=3))[2:], K, K)[2]
assert told["K exchanged"][2] == ["behind"]
assert "behind" in symptoms(good2, good1, K1, K2)[2]
for seed_ in range(4):  # of a turn alone, the bar or the points in front tell beside the homography
    shake_ = 0.2 * np.random.default_rng(seed_).normal(size=alone.shape)
    found_ = symptoms(good1, alone + shake_, K1, K1)[2]
    assert "homography" in found_
    assert {"bar", "behind"} & set(found_)
assert told["a flat scene"][2] == ["homography"]
assert told["K₁ + 5 %"][2] == ["calibration"]
assert "homography" in told["a turn alone"][2]
assert "homography" in told["a flat scene"][2]
assert 0.1 < np.std(rough_pixels) < 0.3
wall_ = walls[0][3]
plane_, kept_ = cv2.findHomography(good1, wall_, cv2.RANSAC, 1.0)
whole_ = homogeneous(good1) @ plane_.T
assert 0.1 < np.std(whole_[:, :2] / whole_[:, 2:] - wall_) < 0.3
assert kept_.mean() > 0.99
apart_ = sampson(
    np.linalg.inv(K2).T @ essential(R_true, t_true) @ np.linalg.inv(K1),
    homogeneous(good1),
    homogeneous(wall_),
)
assert 0.1 < np.std(apart_) < 0.3
np.testing.assert_allclose(
    rays(alone, K1) / np.linalg.norm(rays(alone, K1), axis=1)[:, None],
    rays(good1, K1) @ R_true.T / np.linalg.norm(rays(good1, K1), axis=1)[:, None],
    atol=1e-9,
)
assert [len(told), len(suspects)] == [10, 10]

# %% pictures that are not of the size of K's: refused
import pytest

yours_ = next(text for text in reversed(In) if text.startswith("my_left, my_right"))
for given_ in ("left[:, 110:], tilted", "left, tilted[::2, ::2]", "left, np.rot90(tilted)"):
    with pytest.raises(ValueError, match="a picture is"):
        exec(yours_.replace("left, tilted", given_, 1), dict(globals()))
for given_ in ((2 * left, tilted), (left, tilted - 0.5)):
    with pytest.raises(ValueError, match=r"the values of one and two must be in \[0, 1\]"):
        match(*given_)

# %% in practice: our pair's pose, and what the page says of OpenCV's calls
import pytest

assert doubts == []
assert np.degrees(Rotation.from_matrix(mine.R.T @ R_true).magnitude()) < 0.1
assert angle(mine.t, t_true) < 1
assert cv2.__version__.startswith("5.")
_, _, a_, b_ = next(make_scenes(1, 200, 0.0, 1 / 120, seed=6))
E_, mask_ = cv2.findEssentialMat(a_, b_, K, method=cv2.USAC_ACCURATE, threshold=1.0)
assert cv2.recoverPose(E_, a_, b_, K)[0] == 0
assert cv2.recoverPose(E_, a_, b_, K, 1e6)[0] == 0, "in fifth place it is taken for R"
assert cv2.recoverPose(E_, a_, b_, K, distanceThresh=1e6, mask=mask_)[0] > 150
_, _, a_, b_ = next(make_scenes(1, 200, 0.0, seed=6))
E_ = eight_point(a_, b_, K, K)
one_ = cv2.recoverPose(E_, a_, b_)[:3]
two_ = cv2.recoverPose(E_, a_, b_, np.eye(3))[:3]
assert one_[0] == two_[0]
np.testing.assert_array_equal(one_[2], two_[2])
with pytest.raises(cv2.error):
    cv2.stereoRectify(K1, None, K2, None, size, R_true, t_true)

# %% OpenCV's refinement: as good as ours with the right K, and as bad with a wrong one
for p_, most_ in ((0, 2), (5, 90)):
    A_ = longer(K1, p_)
    E_, mask_ = cv2.findEssentialMat(
        good1, good2, A_, None, K2, None, cv2.USAC_ACCURATE, 0.999, 1.0
    )
    u_ = np.linalg.svd(E_)[0][:, 2]
    off_ = min(angle(u_, t_true), angle(-u_, t_true))
    assert (off_ > 10) == (p_ > 0)
    assert off_ < most_

# %% the four drawn: rays that meet where the star is
for name, second_, looks_, X_ in four:
    sense_ = 1 if looks_ == "^" else -1
    rays_ = np.array([[0.3, 1.2], [-0.7, 1.2 * sense_]])
    depth_ = np.linalg.solve(np.stack([rays_[0], -rays_[1]], 1), [second_, 0])
    np.testing.assert_allclose(depth_[0] * rays_[0], X_)
    assert (depth_ > 0).all() == (name == "R, t")
assert [name for name, *_ in four] == list(ours)

# %% the valley: its directions are half a sphere, and the least distance is that of the fit
np.testing.assert_allclose(np.linalg.norm(sky, axis=1), 1)
np.testing.assert_allclose(angle(sky, t_true), np.degrees(away), atol=1e-6)
assert (sky @ t_true > 0).all()
up_ = sky[np.argmax(around[1] * away)]
assert angle(up_, ahead) < 20
a_, b_ = noisy_sixteen(1)
found_ = fit_pose(a_, b_, K1, K2)
at_ = rms_towards(np.stack([found_.t, -found_.t, sky[250]]), found_.R, a_, b_)
np.testing.assert_allclose(at_[0], found_.noise * np.sqrt(11 / 16), rtol=1e-5)
np.testing.assert_allclose(at_[1], at_[0], rtol=1e-5)
assert at_[2] > at_[0]
least_ = [rms.min() for rms, _ in maps.values()]
assert (np.diff(least_) > 0).all()
for rms_, fit_ in maps.values():
    assert rms_.min() > 0.9 * fit_.noise * np.sqrt(11 / 16)
share_ = [np.mean(rms < 1.31 * rms.min()) for rms, _ in maps.values()]
assert share_[0] < 0.1 < share_[2]

# %% asked elsewhere: a nearly flat object and a pure translation, an E with unequal values
unit_ = np.array([1.0, -1, 1]) / np.sqrt(3)
near_ = np.random.default_rng(3).uniform([-0.1, -0.1, 0.99], [0.1, 0.1, 1.01], (40, 3))
zoom_ = np.array([[11365.0, 0, 1280], [0, 11365, 960], [0, 0, 1]])
two_ = np.array([(p / p[:, 2:] @ zoom_.T)[:, :2] for p in (near_, near_ + 0.05 * unit_)])
exact_ = fit_pose(*two_, zoom_, zoom_)
assert angle(exact_.t, unit_) < 0.1
offs_ = []
for seed_ in range(12):
    shake_ = 0.3 * np.random.default_rng(seed_).normal(size=(2, 40, 2))
    a_, b_ = two_ + shake_
    four_ = decompose_essential(eight_point(a_, b_, zoom_, zoom_))
    _, u_ = choose_pose(four_, rays(a_, zoom_), rays(b_, zoom_))
    found_ = fit_pose(a_, b_, zoom_, zoom_)
    offs_.append((angle(u_, unit_), angle(found_.t, unit_), found_.bar))
eight_, fit_, bar_ = np.transpose(offs_)
assert np.median(fit_) < np.median(eight_) / 3
assert np.mean(fit_ < 2.5 * bar_) > 0.8
U_, _, Vt_ = np.linalg.svd(E_pair)
bent_ = U_ @ np.diag([1.06, 1, 0]) @ Vt_
R, t = decompose_essential(bent_)[0]
back_ = essential(R, t)
back_ *= np.sign((back_ * bent_).sum())
np.testing.assert_allclose(back_, U_ @ np.diag([1, 1, 0]) @ Vt_, atol=1e-12)
assert abs(back_ - bent_).max() > 0.01


# %% wrong, exercise 1: without the signs
def depths(R, t, q1, q2):
    q = q1 @ R.T
    n = np.cross(q2, q)
    square = (n**2).sum(-1)
    return abs((n * np.cross(q2, t)).sum(-1)) / square, abs((n * np.cross(q, t)).sum(-1)) / square


# %% wrong, exercise 1: the two exchanged
def depths(R, t, q1, q2):
    q = q1 @ R.T
    n = np.cross(q2, q)
    square = (n**2).sum(-1)
    return -(n * np.cross(q, t)).sum(-1) / square, -(n * np.cross(q2, t)).sum(-1) / square


# %% wrong, exercise 1: divided by |n| only
def depths(R, t, q1, q2):
    q = q1 @ R.T
    n = np.cross(q2, q)
    length = np.linalg.norm(n, axis=-1)
    return -(n * np.cross(q2, t)).sum(-1) / length, -(n * np.cross(q, t)).sum(-1) / length


# %% right, exercise 1: by least squares
def depths(R, t, q1, q2):
    both = [
        np.linalg.lstsq(np.column_stack([-R @ a, b]), t)[0] for a, b in zip(q1, q2, strict=True)
    ]
    return tuple(np.transpose(both))


# %% right, exercise 1: by OpenCV
def depths(R, t, q1, q2):
    X = cv2.triangulatePoints(np.eye(3, 4), np.c_[R, t], q1[:, :2].T.copy(), q2[:, :2].T.copy())
    X = (X[:3] / X[3]).T
    return X[:, 2], (X @ R.T + t)[:, 2]


# %% wrong, exercise 2: three if a homography fits, else one
def solutions(x1, x2):
    return 3 if cv2.findHomography(x1, x2, cv2.RANSAC, 1e-3)[1].all() else 1


# %% wrong, exercise 2: the rank
def solutions(x1, x2):
    p1, p2 = (homogeneous((x - x.mean(0)) / x.std(0)) for x in (x1, x2))
    return np.linalg.matrix_rank((p2[:, :, None] * p1[:, None]).reshape(-1, 9), rtol=1e-9)


# %% wrong, exercise 2: nine unknowns less the matches
def solutions(x1, x2):
    return max(1, 9 - len(x1))


# %% right, exercise 2: singular values of raw pixels counted
def solutions(x1, x2):
    p1, p2 = homogeneous(x1 / 1000), homogeneous(x2 / 1000)
    A = np.einsum("ni,nj->nij", p2, p1).reshape(-1, 9)
    s = np.linalg.svd(A.T @ A, compute_uv=False)
    return int((s < 1e-13 * s[0]).sum())


# %% wrong, exercise 3: that of a plausible lens
def focal_length(F, centre):
    return 1.2 * 2 * max(centre)


# %% wrong, exercise 3: the centre left out
def focal_length(F, centre):
    def opened(f):
        return gap(np.diag([f, f, 1]) @ F @ np.diag([f, f, 1]))

    return min(np.geomspace(100, 10000, 20000), key=opened)


# %% wrong, exercise 3: the focal length of one camera alone
def focal_length(F, centre):
    def opened(f):
        A, B = np.diag([f, f, 1.0]), np.diag([1000, 1000, 1.0])
        A[:2, 2] = B[:2, 2] = centre
        return gap(B.T @ F @ A)

    return min(np.geomspace(100, 10000, 20000), key=opened)


# %% right, exercise 3: a fine grid
def focal_length(F, centre):
    def opened(f):
        A = np.diag([f, f, 1.0])
        A[:2, 2] = centre
        return gap(A.T @ F @ A)

    return min(np.geomspace(100, 10000, 20000), key=opened)


# %% right, exercise 3: Bougnoux's formula
def focal_length(F, centre):
    p, flat = np.array([*centre, 1.0]), np.diag([1.0, 1.0, 0.0])
    U, _, _ = np.linalg.svd(F)
    e = np.cross(np.eye(3), U[:, 2])
    above = (p @ e @ flat @ F @ p) * (p @ F.T @ p)
    return np.sqrt(-above / (p @ e @ flat @ F @ flat @ F.T @ p))


# equivalent, draws: good2[few] + shake[1] → good2[few] - shake[1]: noise has no preferred sign
# equivalent, draws: good1[few] + shake[0] → good1[few] - shake[0]: noise has no preferred sign
# equivalent, scenes: x + noise * rng.normal(size=(2, matches, 2)) → x - noise * rng.normal(size=(2, matches, 2)): noise has no preferred sign
# equivalent, draws: count, matches, noise=0.0, seed=0 → count, matches, noise=0.0, seed=1: any seed is as good
# equivalent, scenes: count, matches, noise=0.0, baseline=0.2, seed=0 → count, matches, noise=0.0, baseline=0.2, seed=1: any seed is as good
# equivalent, two-ways: good2[few] + shake[1] → good2[few] - shake[1]: another draw of the noise
# equivalent, two-ways: good1[few] + shake[0] → good1[few] - shake[0]: another draw of the noise
# equivalent, in-front: -1 → 1: the rays of matches have two axes
# equivalent, sampson: t + p[3:] @ across → t - p[3:] @ across: the search tries both senses

# other data for the checks, where an assignment is marked
# hidden, exercise 1: seed=8 → seed=18
# hidden, exercise 1: (1, -3) → (-2, 5)
# hidden, exercise 2: seed=8 → seed=18
# hidden, exercise 2: default_rng(9) → default_rng(19)
# hidden, exercise 3: (8, 500, (500, 400)) → (18, 800, (300, 350))
# hidden, exercise 3: (9, 1300, (700, 300)) → (19, 2100, (400, 500))
# hidden, exercise 2: ((0, 3), (1, 2), (2, 1), (3, 1)) → ((2, 1), (0, 3), (3, 1), (1, 2))
